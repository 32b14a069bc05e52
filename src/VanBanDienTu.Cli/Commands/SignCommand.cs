using System.CommandLine;
using System.Security.Cryptography;
using VanBanDienTu.Cli.Signing;
using VanBanDienTu.Cli.Terminals;
using VanBanDienTu.Cli.Verification;
using VanBanDienTu.Signing;
using VanBanDienTu.Signing.Keys;
using VanBanDienTu.Signing.Trust;

namespace VanBanDienTu.Cli.Commands;

/// <summary><c>vbdt sign</c>: PAdES B-B to B-LTA in incremental updates; earlier signatures stay valid.</summary>
internal sealed class SignCommand
{
    private readonly Argument<string[]> inputs = new("IN") { Description = "tệp PDF hoặc thư mục (cả thư mục con); «-» là stdin / PDF files or folders; «-» is stdin", Arity = ArgumentArity.ZeroOrMore };
    private readonly Option<string?> output = new("--output", "-o") { Description = "tệp kết quả, khi chỉ ký một tệp; «-» là stdout / output, for one input; «-» is stdout", HelpName = "OUT" };
    private readonly Option<string?> outDir = new("--out-dir") { Description = "thư mục kết quả, giữ tên tệp; chạy lại thì bỏ qua tệp đã ký y như vậy / folder for outputs of the same names; a second run skips what is done", HelpName = "DIR" };
    private readonly Option<bool> again = new("--again") { Description = "với --out-dir: ký lại cả những tệp đã ký từ trước / with --out-dir: sign again what an earlier run signed" };
    private readonly KeyWords key = new();
    private readonly PermissionWords permissions = new();
    private readonly LintWords lint = new();
    private readonly IssueWords issue = new();
    private readonly TwoStepWords twoSteps = new();
    private readonly LookWords look = new();
    private readonly Option<string> digest = new("--digest") { Description = "thuật toán băm / digest", DefaultValueFactory = _ => "SHA-256" };
    private readonly Option<bool> pss = new("--pss") { Description = "RSASSA-PSS thay cho PKCS#1 v1.5 (khóa RSA) / RSASSA-PSS instead of PKCS#1 v1.5 (RSA keys)" };
    private readonly Option<string> level = TimestampWords.Level(toExtend: false);
    private readonly TimestampWords stamping = new();
    private readonly RevocationWords revocation = new();
    private readonly Option<string?> reason = new("--reason") { Description = "lý do ký / reason" };
    private readonly Option<string?> location = new("--location") { Description = "nơi ký / place" };
    private readonly Option<string?> trust = new("--trust") { Description = "kiểm tra chứng thư của khóa (đường dẫn, thu hồi) trước khi ký / check the key's certificate against these roots first", HelpName = "DIR" };
    private readonly Option<bool> sample = new("--allow-sample-trust") { Description = "chấp nhận gốc mẫu / accept sample roots" };
    private readonly Option<string?> pdfPassword = Options.PdfPassword();
    private readonly Option<bool> json = Options.Json();

    public static Command Create() => new SignCommand().Build();

    private Command Build()
    {
        digest.AcceptOnlyFromAmong("SHA-256", "SHA-384", "SHA-512");
        var command = new Command("sign", "Ký số PDF; chữ ký có trước vẫn nguyên vẹn / Sign PDFs; earlier signatures stay intact")
        {
            inputs, output, outDir, again, digest, pss, level, reason, location, trust, sample, pdfPassword, json,
        };
        key.AddTo(command);
        permissions.AddTo(command);
        look.AddTo(command);
        lint.AddTo(command);
        issue.AddTo(command);
        twoSteps.AddTo(command);
        stamping.AddTo(command);
        revocation.AddTo(command);
        return command.WithExamples(
            "sign cong-van.pdf -o da-ky.pdf --key nguoi-ky.p12 --password-file mat-khau --image chu-ky.png --anchor 'Nguyễn Văn A'",
            "sign da-ky.pdf -o phat-hanh.pdf --key co-quan.p12 --password-file mat-khau --as organization --image con-dau.png --image-mm 36",
            "sign phu-luc.pdf -o phu-luc-da-ky.pdf --key co-quan.p12 --password-file mat-khau --as annex --notation 101/CQM1-VP",
            "sign ban-sao.pdf -o sao-y.pdf --key co-quan.p12 --password-file mat-khau --as copy --copy-form sao-y",
            "sign bieu-mau.pdf -o da-ky.pdf --key nguoi-ky.p12 --password-file mat-khau --certify 2 --lock exclude:SoKyHieu,NgayBanHanh",
            "sign du-thao.pdf -o da-ky.pdf --key nguoi-ky.p12 --password-file mat-khau --reserve-number after:Số: --reserve-date 350,700,160,18",
            "sign da-ky.pdf -o phat-hanh.pdf --key co-quan.p12 --password-file mat-khau --as organization --number 15/BC-UBND --date today",
            "sign cong-van.pdf -o da-ky.pdf --key nguoi-ky.p12 --password-file mat-khau --level B-LTA --tsa http://tsa.ca.gov.vn --trust trust",
            "sign cong-van.pdf -o da-ky.pdf --key 'pkcs11:token=van-thu;object=ky-so?module-path=/usr/lib/softhsm/libsofthsm2.so' --pin-file ma-pin",
            "sign cong-van.pdf -o da-ky.pdf --key csc:ky-so-tu-xa.json",
            "sign cong-van.pdf --prepare cho-ky.json --cert nguoi-ky.pem --hash bam.bin",
            "sign --complete cho-ky.json --value gia-tri.bin -o da-ky.pdf",
            "sign - -o - --key nguoi-ky.p12 --password-file mat-khau < vao.pdf > ra.pdf",
            "sign van-ban-di/ --out-dir da-ky/ --key nguoi-ky.p12 --password-file mat-khau --trust trust")
        .Does(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult parsed, Terminal terminal, CancellationToken ct)
    {
        var ahead = twoSteps.IsPrepare(parsed) || twoSteps.IsComplete(parsed);
        var jobs = ahead ? [] : Jobs(parsed);
        var request = Request(parsed);
        using var opened = ahead ? null : key.Open(parsed);
        using var online = parsed.GetValue(trust) is { } folder ? new Authorities(TrustSnapshot.Load(folder, parsed.GetValue(sample)), revocation.Options(parsed)) : null;
        using var timestamps = stamping.Client(parsed, online?.Trust);
        var signer = new PdfSigner(TimeProvider.System, online?.Revocation, online?.Trust, timestamps);
        if (twoSteps.IsPrepare(parsed))
        {
            await twoSteps.PrepareAsync(parsed, terminal, signer, parsed.GetRequiredValue(inputs), request, ct);
            return ExitCode.Ok;
        }
        if (twoSteps.IsComplete(parsed))
        {
            var (input, signed) = await twoSteps.CompleteAsync(parsed, signer, parsed.GetValue(output), request.Password, ct);
            Tell(terminal, input, signed.Path, signed);
            return ExitCode.Ok;
        }
        if (jobs is [var job] && parsed.GetValue(outDir) is null)
        {
            // One file: whatever ends it ends the command.
            var signed = await new SigningRun(signer, opened!.Key, request, null).SignAsync(job, ct);
            LintWords.Tell(terminal, job.From, signed.Lint);
            if (parsed.GetValue(json)) terminal.WriteJson(SigningSummary.Json([new SigningResult(job, SigningOutcome.Signed, signed)]));
            else Tell(terminal, job.From, job.To, signed);
            return ExitCode.Ok;
        }
        return await ManyAsync(parsed, terminal, jobs, signer, opened!.Key, request, ct);
    }

    private static void Tell(Terminal terminal, string from, string to, SignedPdf signed)
    {
        terminal.Say($"{from}: đã ký {signed.Level.Name()} → {to} (trường {signed.FieldName})", $"signed, {signed.Level.Name()}");
        foreach (var warning in signed.Warnings) terminal.Say($"  Lưu ý: {warning.Vi}", $"note: {warning.En}");
    }

    private async Task<int> ManyAsync(ParseResult parsed, Terminal terminal, IReadOnlyList<SigningJob> jobs, PdfSigner signer, ISigningKey by, SignatureRequest request, CancellationToken ct)
    {
        var folder = parsed.GetRequiredValue(outDir)!;
        DurableNames.Create(folder);
        var journal = new SigningJournal(folder, by.Certificate.Sha256, OptionsDigest.Of(parsed));
        var results = await new SigningRun(signer, by, request, journal) { Again = parsed.GetValue(again) }.RunAsync(jobs, terminal, ct);
        if (parsed.GetValue(json)) terminal.WriteJson(SigningSummary.Json(results));
        else SigningSummary.Show(results, terminal);
        return SigningSummary.Exit(results);
    }

    private IReadOnlyList<SigningJob> Jobs(ParseResult parsed)
    {
        if (parsed.GetValue(output) == StandardStreams.Word && parsed.GetValue(json))
            throw new CommandException(ExitCode.Usage, "-o - và --json cùng ghi ra stdout; hãy chọn một.", "-o - and --json both write to stdout; choose one.");
        return SigningFiles.Jobs(parsed.GetRequiredValue(inputs), parsed.GetValue(output), parsed.GetValue(outDir));
    }

    private SignatureRequest Request(ParseResult parsed) =>
        issue.Apply(parsed, lint.Apply(parsed, permissions.Apply(parsed, look.Request(parsed) with
        {
            Level = BaselineLevels.Parse(parsed.GetValue(level)) ?? BaselineLevel.Basic,
            Digest = new HashAlgorithmName(parsed.GetRequiredValue(digest).Replace("-", "", StringComparison.Ordinal)),
            Padding = parsed.GetValue(pss) ? SignaturePadding.Pss : SignaturePadding.Pkcs1,
            Reason = parsed.GetValue(reason),
            Location = parsed.GetValue(location),
            Password = Options.ReadPdfPassword(parsed, pdfPassword),
        })));
}
