using System.CommandLine;
using VanBanDienTu.Cli.Terminals;
using VanBanDienTu.Signing;
using VanBanDienTu.Signing.Timestamps;
using VanBanDienTu.Signing.Trust;

namespace VanBanDienTu.Cli.Commands;

/// <summary>The words about levels and timestamp authorities, the same in <c>sign</c> and <c>extend</c>.</summary>
internal sealed class TimestampWords
{
    private readonly Option<string[]> authorities = new("--tsa")
    {
        Description = "máy chủ cấp dấu thời gian RFC 3161; lặp lại để có máy dự phòng / timestamp authority; repeat for others to try next",
        HelpName = "URL",
        DefaultValueFactory = _ => [],
    };

    private readonly Option<string[]> hosts = new("--tsa-private-host")
    {
        Description = "máy chủ dấu thời gian được phép ở địa chỉ nội bộ / timestamp host that may be a private address",
        HelpName = "HOST",
        DefaultValueFactory = _ => [],
    };

    private readonly Option<string?> policy = new("--tsa-policy") { Description = "chính sách dấu thời gian phải có / timestamp policy to ask for", HelpName = "OID" };

    private readonly Option<int> timeout = new("--tsa-timeout") { Description = "số giây chờ mỗi máy chủ / seconds to wait for each authority", DefaultValueFactory = _ => 180 };

    /// <summary>One of the four levels; for <c>extend</c> only those that can be raised to.</summary>
    public static Option<string> Level(bool toExtend)
    {
        var option = new Option<string>("--level") { Description = "mức chữ ký PAdES / PAdES baseline level" };
        if (toExtend)
            option.Required = true;
        else
            option.DefaultValueFactory = _ => BaselineLevel.Basic.Name();
        option.AcceptOnlyFromAmong([.. BaselineLevels.All.Skip(toExtend ? 1 : 0)]);
        return option;
    }

    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { authorities, hosts, policy, timeout })
            command.Options.Add(option);
    }

    /// <summary>The client for the authorities named; null when none is.</summary>
    public TimestampClient? Client(ParseResult parsed, TrustSnapshot? trust)
    {
        var named = parsed.GetValue(authorities) ?? [];
        if (named.Length == 0)
            return null;
        if (parsed.GetValue(timeout) is not (> 0 and <= 3600))
            throw new CommandException(ExitCode.Usage, "--tsa-timeout phải từ 1 đến 3600 giây.", "--tsa-timeout is from 1 to 3600 seconds.");
        var options = new TimestampOptions
        {
            Authorities = [.. named.Select(Address)],
            PrivateHosts = (parsed.GetValue(hosts) ?? []).ToHashSet(StringComparer.OrdinalIgnoreCase),
            PolicyOid = parsed.GetValue(policy),
            Timeout = TimeSpan.FromSeconds(parsed.GetValue(timeout)),
        };
        return new TimestampClient(options, trust, TimeProvider.System);
    }

    private static Uri Address(string text) => Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https"
        ? address
        : throw new CommandException(ExitCode.Usage, $"--tsa «{text}» không phải địa chỉ http hoặc https.", $"--tsa «{text}» is not an http or https address.");
}
