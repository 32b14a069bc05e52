using System.CommandLine;
using VanBanDienTu.Cli.Terminals;
using VanBanDienTu.Pdf;
using VanBanDienTu.Signing;

namespace VanBanDienTu.Cli.Commands;

/// <summary>What a signature permits after it: <c>--certify</c> and <c>--lock</c>.</summary>
internal sealed class PermissionWords
{
    private readonly Option<int?> certify = new("--certify") { Description = "chứng thực, chỉ khi là chữ ký đầu tiên; sau đó cho phép: 1 không gì cả, 2 điền biểu mẫu và ký thêm, 3 cả chú thích / certify, as the first signature only; afterwards permitted: 1 nothing, 2 filling forms and signing, 3 annotations too", HelpName = "1|2|3" };
    private readonly Option<string?> locked = new("--lock") { Description = "khóa trường biểu mẫu: tất cả, những trường này, hoặc mọi trường trừ những trường này / lock form fields", HelpName = "all|include:NAMES|exclude:NAMES" };

    public void AddTo(Command command)
    {
        certify.AcceptOnlyFromAmong("1", "2", "3");
        command.Add(certify);
        command.Add(locked);
    }

    public SignatureRequest Apply(ParseResult parsed, SignatureRequest request) => request with { Certify = parsed.GetValue(certify), Lock = Lock(parsed.GetValue(locked)) };

    private static PdfFieldLock? Lock(string? text)
    {
        if (text is null) return null;
        var parts = text.Split(':', 2);
        var names = parts.Length == 2 ? parts[1].Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) : [];
        return (parts[0], names.Length) switch
        {
            ("all", 0) => new PdfFieldLock("All", []),
            ("include", > 0) => new PdfFieldLock("Include", names),
            ("exclude", > 0) => new PdfFieldLock("Exclude", names),
            _ => throw new CommandException(ExitCode.Usage, $"--lock «{text}»: dùng all, include:TÊN,TÊN hoặc exclude:TÊN,TÊN.", $"--lock «{text}»: give all, include:NAME,NAME or exclude:NAME,NAME."),
        };
    }
}
