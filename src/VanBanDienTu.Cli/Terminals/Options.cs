using System.CommandLine;
using VanBanDienTu.Cli.Client;
using VanBanDienTu.Pdf;

namespace VanBanDienTu.Cli.Terminals;

/// <summary>Options that several commands share, so that they are called the same everywhere.</summary>
internal static class Options
{
    public static Option<bool> Json() => new("--json") { Description = "kết quả dạng JSON ra stdout / results as JSON on stdout" };

    public static Option<string?> PdfPassword() => new("--pdf-password-file") { Description = "tệp chứa mật khẩu mở PDF mã hóa / file holding the password of an encrypted PDF", HelpName = "FILE" };

    public static PdfPassword? ReadPdfPassword(ParseResult parsed, Option<string?> option) => parsed.GetValue(option) is { } file ? new PdfPassword(PasswordFile.Read(file)) : null;
}
