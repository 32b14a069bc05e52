using System.CommandLine;
using VanBanDienTu.Cli.Terminals;

namespace VanBanDienTu.Cli.Client;

/// <summary>The options that every client command has: which node, who is calling, whom to trust. Each may come from the environment.</summary>
internal sealed class NodeOptions
{
    private readonly Option<string?> node = FromEnvironment("--node", "VBDT_NODE", "URL", "địa chỉ của nút / the node's address, e.g. https://127.0.0.1:7443");
    private readonly Option<string?> cert = FromEnvironment("--cert", "VBDT_CERT", "FILE.p12", "chứng thư và khóa của người gọi / the caller's certificate and key");
    private readonly Option<string?> password = FromEnvironment("--password-file", "VBDT_PASSWORD_FILE", "FILE", "tệp chứa mật khẩu của --cert / file holding the password of --cert");
    private readonly Option<string?> trust = FromEnvironment("--trust", "VBDT_TRUST", "DIR", "thư mục các chứng thư gốc được tin / folder of trusted root certificates");
    private readonly Option<bool> allowSample = new("--allow-sample-trust") { Description = "chấp nhận gốc mẫu (chỉ để thử) / accept sample roots (tests only)" };

    public NodeOptions(Command command)
    {
        foreach (var option in new Option[] { node, cert, password, trust, allowSample }) command.Options.Add(option);
    }

    /// <exception cref="CommandException">An option is missing or is not an address (exit 64).</exception>
    public NodeAddress Read(ParseResult parsed) => new(
        Address(Required(parsed, node, "VBDT_NODE")),
        Required(parsed, cert, "VBDT_CERT"),
        PasswordFile.Read(Required(parsed, password, "VBDT_PASSWORD_FILE")),
        Required(parsed, trust, "VBDT_TRUST"),
        parsed.GetValue(allowSample));

    private static Option<string?> FromEnvironment(string name, string variable, string helpName, string description) => new(name)
    {
        HelpName = helpName,
        Description = $"{description} [{variable}]",
        DefaultValueFactory = _ => Environment.GetEnvironmentVariable(variable) is { Length: > 0 } value ? value : null,
    };

    private static string Required(ParseResult parsed, Option<string?> option, string variable) => parsed.GetValue(option)
        ?? throw new CommandException(
            ExitCode.Usage,
            $"Thiếu {option.Name}; hãy thêm vào dòng lệnh hoặc đặt biến {variable}.",
            $"{option.Name} is missing; give it or set {variable}.");

    private static Uri Address(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme == Uri.UriSchemeHttps
            ? address
            : throw new CommandException(
                ExitCode.Usage,
                $"--node «{text}» không phải địa chỉ https://máy:cổng.",
                $"--node «{text}» is not an address of the form https://host:port.");
}
