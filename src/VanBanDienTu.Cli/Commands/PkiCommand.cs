using System.CommandLine;
using VanBanDienTu.Cli.Pki;
using VanBanDienTu.Cli.Terminals;
using VanBanDienTu.Signing.Authority;
using VanBanDienTu.Signing.Certificates;
using VanBanDienTu.Signing.Keys;

namespace VanBanDienTu.Cli.Commands;

/// <summary><c>vbdt pki</c>: a sample certification authority for trying things out; never for real use.</summary>
internal static class PkiCommand
{
    public static Command Create() => new("pki", "Hệ thống chứng thư MẪU để thử; không bao giờ dùng thật / A SAMPLE authority for trying out; never for real use")
    {
        Init(), Serve(), Revoke(),
    };

    private static Command Init()
    {
        var folder = Folder("thư mục mới / new folder");
        var url = new Option<string>("--url") { Description = "nơi sẽ phục vụ OCSP, CRL, TSA (ghi vào chứng thư) / where OCSP, CRL, TSA will be served", DefaultValueFactory = _ => new SampleAuthorityOptions().BaseUrl };
        return new Command("init", "Tạo gốc, trung gian, khóa của người, cơ quan, nút / Make a root, intermediates, keys of persons, organisations, nodes") { folder, url }
            .WithExamples("pki init thu-pki")
            .Does((parsed, terminal, _) =>
            {
                var authority = SampleAuthority.Init(parsed.GetRequiredValue(folder), new SampleAuthorityOptions { BaseUrl = Loopback(parsed.GetRequiredValue(url)) });
                terminal.Out.WriteLine($"gốc / root    {Path.Combine(authority.TrustFolder, "root.pem")}");
                foreach (var key in Directory.EnumerateFiles(Path.Combine(authority.Folder, "keys"), "*.p12").Order(StringComparer.Ordinal)) terminal.Out.WriteLine($"khóa / key    {key}");
                terminal.Out.WriteLine($"mật khẩu / password file    {authority.PasswordFile}");
                terminal.Say("CHỈ ĐỂ THỬ: không bao giờ tin gốc này ngoài máy thử.", "FOR TESTS ONLY: never trust this root in earnest.");
                return Task.FromResult(ExitCode.Ok);
            });
    }

    private static Command Serve()
    {
        var folder = Folder("thư mục do pki init tạo / folder made by pki init");
        return new Command("serve", "Phục vụ OCSP, CRL, AIA và dấu thời gian trên loopback / Serve OCSP, CRL, AIA and timestamps on loopback") { folder }
            .WithExamples("pki serve thu-pki", "pki serve demo-out/pki")
            .Does(async (parsed, terminal, ct) =>
            {
                await using var server = await PkiServer.StartAsync(SampleAuthority.Open(parsed.GetRequiredValue(folder)), ct);
                await terminal.Out.WriteLineAsync($"tsa {server.TsaUri}");
                await terminal.Out.WriteLineAsync($"ocsp {server.OcspUri}");
                await terminal.Out.WriteLineAsync($"crl {server.CrlUri}");
                await terminal.Out.WriteLineAsync("ready");
                await terminal.Out.FlushAsync(ct);
                await server.WaitForShutdownAsync(ct);
                return ExitCode.Ok;
            });
    }

    private static Command Revoke()
    {
        var folder = Folder("thư mục do pki init tạo / folder made by pki init");
        var cert = new Option<string?>("--cert") { Description = "chứng thư (.cer, .pem) hoặc khóa .p12 của hệ thống này / certificate, or a .p12 of this authority", HelpName = "FILE" };
        var serial = new Option<string?>("--serial") { Description = "hoặc số sê-ri / or the serial number, hex", HelpName = "HEX" };
        var reason = new Option<string>("--reason") { Description = "lý do theo RFC 5280 / reason of RFC 5280", DefaultValueFactory = _ => "keyCompromise" };
        reason.AcceptOnlyFromAmong("unspecified", "keyCompromise", "cACompromise", "affiliationChanged", "superseded", "cessationOfOperation");
        return new Command("revoke", "Thu hồi một chứng thư mẫu / Revoke a sample certificate") { folder, cert, serial, reason }
            .WithExamples("pki revoke thu-pki --cert thu-pki/keys/person-G99.63.p12")
            .Does((parsed, terminal, _) =>
            {
                var authority = SampleAuthority.Open(parsed.GetRequiredValue(folder));
                switch (parsed.GetValue(cert), parsed.GetValue(serial))
                {
                    case ({ } file, null):
                        authority.Revoke(Read(file, authority.Password), reason: parsed.GetRequiredValue(reason));
                        break;
                    case (null, { } number):
                        authority.Revoke(number, reason: parsed.GetRequiredValue(reason));
                        break;
                    default:
                        throw new CommandException(ExitCode.Usage, "Hãy cho đúng một trong --cert, --serial.", "Give exactly one of --cert, --serial.");
                }
                terminal.Say("Đã thu hồi; OCSP và CRL báo ngay từ bây giờ.", "Revoked; OCSP and CRL say so from now on.");
                return Task.FromResult(ExitCode.Ok);
            });
    }

    private static Argument<string> Folder(string description) => new("DIR") { Description = description };

    private static string Loopback(string url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var at) && at is { Scheme: "http", IsLoopback: true, AbsolutePath: "/" }
            ? url
            : throw new CommandException(
                ExitCode.Usage,
                $"--url «{url}» phải là http trên loopback, ví dụ http://127.0.0.1:18080.",
                $"--url «{url}» must be http on loopback, e.g. http://127.0.0.1:18080.");

    private static Certificate Read(string file, string password)
    {
        if (!File.Exists(file)) throw CommandException.NoInput(file);
        if (!file.EndsWith(".p12", StringComparison.OrdinalIgnoreCase)) return Certificate.ParseFile(File.ReadAllBytes(file))[0];
        using var key = Pkcs12Key.Load(file, password);
        return key.Certificate;
    }
}
