using System.CommandLine;
using System.Text.Json.Nodes;
using VanBanDienTu.Cli.Terminals;
using VanBanDienTu.Cli.Verification;
using VanBanDienTu.Signing;
using VanBanDienTu.Signing.Trust;

namespace VanBanDienTu.Cli.Commands;

/// <summary><c>vbdt extend</c>: raises the level of a signed file later, or renews its archive timestamp; no key is needed.</summary>
internal static class ExtendCommand
{
    public static Command Create()
    {
        var input = new Argument<string>("IN") { Description = "tệp PDF đã ký / a signed PDF" };
        var output = new Option<string>("--output", "-o") { Description = "tệp kết quả / output", HelpName = "OUT", Required = true };
        var level = TimestampWords.Level(toExtend: true);
        var trust = new Option<string?>("--trust") { Description = "thư mục chứng thư gốc được tin / folder of trusted roots [VBDT_TRUST]", HelpName = "DIR", DefaultValueFactory = _ => Environment.GetEnvironmentVariable("VBDT_TRUST") };
        var sample = new Option<bool>("--allow-sample-trust") { Description = "chấp nhận gốc mẫu / accept sample roots" };
        var pdfPassword = Options.PdfPassword();
        var json = Options.Json();
        var stamping = new TimestampWords();
        var revocation = new RevocationWords();
        var command = new Command("extend", "Nâng mức chữ ký của tệp đã ký (B-T, B-LT, B-LTA) hoặc gia hạn dấu thời gian lưu trữ / Raise the level of a signed file, or renew its archive timestamp")
        {
            input, output, level, trust, sample, pdfPassword, json,
        };
        stamping.AddTo(command);
        revocation.AddTo(command);
        return command
            .WithExamples(
                "extend da-ky.pdf -o luu-tru.pdf --level B-LTA --tsa http://tsa.ca.gov.vn --trust trust",
                "extend co-dau-thoi-gian.pdf -o day-du.pdf --level B-LT --trust trust",
                "extend luu-tru.pdf -o gia-han.pdf --level B-LTA --tsa http://tsa1.example.vn --tsa http://tsa2.example.vn --trust trust")
            .Does(async (parsed, terminal, ct) =>
            {
                var (from, to) = (parsed.GetRequiredValue(input), parsed.GetRequiredValue(output));
                if (!File.Exists(from)) throw CommandException.NoInput(from);
                var anchors = parsed.GetValue(trust) is { } folder ? TrustSnapshot.Load(folder, parsed.GetValue(sample)) : TrustSnapshot.Empty;
                using var online = new Authorities(anchors, revocation.Options(parsed));
                using var timestamps = stamping.Client(parsed, anchors);
                var done = await new PdfExtender(TimeProvider.System, anchors, online.Revocation, timestamps, Options.ReadPdfPassword(parsed, pdfPassword))
                    .ExtendAsync(from, to, BaselineLevels.Parse(parsed.GetRequiredValue(level))!.Value, ct);
                if (parsed.GetValue(json)) terminal.WriteJson(Json(from, done));
                else terminal.Say($"{from}: {done.Signatures} chữ ký đạt {done.Level.Name()} → {to}", $"{done.Signatures} signatures at {done.Level.Name()}");
                return ExitCode.Ok;
            });
    }

    private static JsonObject Json(string from, ExtendedPdf done) => new()
    {
        ["input"] = from,
        ["output"] = done.Path,
        ["level"] = done.Level.Name(),
        ["signatures"] = done.Signatures,
        ["documentTimestamps"] = done.Timestamps,
        ["sha256"] = done.Sha256,
        ["size"] = done.Size,
    };
}
