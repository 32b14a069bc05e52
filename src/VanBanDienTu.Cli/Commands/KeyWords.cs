using System.CommandLine;
using VanBanDienTu.Cli.Client;
using VanBanDienTu.Cli.Terminals;
using VanBanDienTu.Signing.Keys;
using VanBanDienTu.Signing.Keys.Csc;
using VanBanDienTu.Signing.Keys.Pkcs11;

namespace VanBanDienTu.Cli.Commands;

/// <summary>Which key signs: a PKCS#12 file with its password, a token with its PIN, or a signing service with its file. Secrets come from files only.</summary>
internal sealed class KeyWords
{
    private readonly Option<string?> key = new("--key") { Description = "khóa: tệp PKCS#12, địa chỉ trên token, hoặc dịch vụ ký từ xa (tệp JSON) / key: a PKCS#12 file, an address on a token, or a signing service (a JSON file)", HelpName = "FILE.p12|pkcs11:URI|csc:NAME" };
    private readonly Option<string?> password = new("--password-file") { Description = "tệp chứa mật khẩu của tệp khóa / file holding the key file's password", HelpName = "FILE" };
    private readonly Option<string?> pin = new("--pin-file") { Description = "tệp chứa mã PIN của token / file holding the token's PIN", HelpName = "FILE" };

    public void AddTo(Command command)
    {
        command.Add(key);
        command.Add(password);
        command.Add(pin);
    }

    public OpenedKey Open(ParseResult parsed)
    {
        var address = parsed.GetValue(key)
            ?? throw new CommandException(ExitCode.Usage, "Thiếu --key: tệp PKCS#12, địa chỉ pkcs11: hoặc csc:.", "--key is missing: a PKCS#12 file, a pkcs11: or a csc: address.");
        if (CscConfig.Is(address)) return OpenedKey.Open(address, "");
        if (Pkcs11Uri.Is(address))
            return OpenedKey.Open(address, PasswordFile.Read(parsed.GetValue(pin)
                ?? throw new CommandException(ExitCode.Usage, "Khóa trên token cần --pin-file TỆP.", "A key on a token needs --pin-file FILE.")));
        return OpenedKey.Open(address, PasswordFile.Read(parsed.GetValue(password)
            ?? throw new CommandException(ExitCode.Usage, "Tệp khóa PKCS#12 cần --password-file TỆP.", "A PKCS#12 key file needs --password-file FILE.")));
    }
}
