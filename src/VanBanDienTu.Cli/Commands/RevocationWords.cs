using System.CommandLine;
using VanBanDienTu.Cli.Terminals;
using VanBanDienTu.Signing.Revocation;

namespace VanBanDienTu.Cli.Commands;

/// <summary>How OCSP and CRL are asked: the same words in <c>sign</c>, <c>extend</c> and <c>verify</c>.</summary>
internal sealed class RevocationWords
{
    private static readonly IReadOnlyDictionary<string, RevocationOrder> Orders = new Dictionary<string, RevocationOrder>(StringComparer.Ordinal)
    {
        ["ocsp,crl"] = RevocationOrder.OcspThenCrl,
        ["crl,ocsp"] = RevocationOrder.CrlThenOcsp,
        ["ocsp"] = RevocationOrder.OcspOnly,
        ["crl"] = RevocationOrder.CrlOnly,
    };

    private readonly Option<string> order = new("--revocation")
    {
        Description = "hỏi OCSP hay CRL trước / which is asked first, or alone",
        DefaultValueFactory = _ => "ocsp,crl",
    };

    private readonly Option<string[]> hosts = new("--revocation-host")
    {
        Description = "chỉ hỏi các máy chủ này, kể cả địa chỉ nội bộ, và tải chứng thư cấp trên còn thiếu từ đó; lặp lại được / ask these hosts only, private ones too, and fetch missing issuers there; repeatable",
        HelpName = "HOST",
        DefaultValueFactory = _ => [],
    };

    private readonly Option<string[]> rewrites = new("--rewrite")
    {
        Description = "địa chỉ OCSP, CRL bắt đầu bằng FROM thì hỏi ở TO; lặp lại được / addresses that begin with FROM are asked at TO; repeatable",
        HelpName = "FROM=TO",
        DefaultValueFactory = _ => [],
    };

    public RevocationWords() => order.AcceptOnlyFromAmong([.. Orders.Keys]);

    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { order, hosts, rewrites })
            command.Options.Add(option);
    }

    public RevocationOptions Options(ParseResult parsed, bool offline = false) => new()
    {
        Offline = offline,
        Order = Orders[parsed.GetRequiredValue(order)],
        AllowedHosts = parsed.GetValue(hosts) is { Length: > 0 } named ? named.ToHashSet(StringComparer.OrdinalIgnoreCase) : null,
        UrlRewrites = (parsed.GetValue(rewrites) ?? []).Select(Rewrite).ToDictionary(StringComparer.Ordinal),
    };

    private static KeyValuePair<string, string> Rewrite(string text) => UrlRewrite.Parse(text) ?? throw new CommandException(ExitCode.Usage,
        $"--rewrite «{text}» phải có dạng FROM=TO, mỗi bên là phần đầu của một địa chỉ http.", $"--rewrite «{text}» must be FROM=TO, each the beginning of an http address.");
}
