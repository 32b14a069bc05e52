using System.CommandLine;
using System.Text.Json.Nodes;
using VanBanDienTu.Cli.Terminals;
using VanBanDienTu.Pdf;
using VanBanDienTu.Signing;
using VanBanDienTu.Signing.Certificates;
using VanBanDienTu.Signing.Remote;

namespace VanBanDienTu.Cli.Commands;

/// <summary>Signing in two steps with a key that this machine cannot reach: <c>--prepare</c> and <c>--complete</c>.</summary>
internal sealed class TwoStepWords
{
    private readonly Option<string?> prepare = new("--prepare") { Description = "bước 1: ghi trạng thái và in giá trị băm cần ký / step 1: keep the state, print the hash to sign", HelpName = "STATE" };
    private readonly Option<string?> cert = new("--cert") { Description = "chứng thư số người ký, PEM hoặc DER (bước 1) / the signer's certificate, then its issuers (step 1)", HelpName = "FILE" };
    private readonly Option<string?> hash = new("--hash") { Description = "ghi giá trị băm dạng nhị phân (bước 1) / write the hash in binary (step 1)", HelpName = "FILE" };
    private readonly Option<string?> complete = new("--complete") { Description = "bước 2: đưa giá trị chữ ký vào / step 2: put the value in", HelpName = "STATE" };
    private readonly Option<string?> value = new("--value") { Description = "giá trị chữ ký dạng nhị phân (bước 2) / the signature value in binary (step 2)", HelpName = "FILE" };

    public void AddTo(Command command)
    {
        foreach (var option in new[] { prepare, cert, hash, complete, value }) command.Add(option);
    }

    public bool IsPrepare(ParseResult parsed) => parsed.GetValue(prepare) is not null;

    public bool IsComplete(ParseResult parsed) => parsed.GetValue(complete) is not null;

    public async Task PrepareAsync(ParseResult parsed, Terminal terminal, PdfSigner signer, string[] inputs, SignatureRequest request, CancellationToken ct)
    {
        if (inputs is not [var input] || input == StandardStreams.Word || parsed.GetValue(cert) is not { } certFile)
            throw new CommandException(ExitCode.Usage, "--prepare cần đúng một tệp vào và --cert TỆP.", "--prepare needs exactly one input file and --cert FILE.");
        if (!File.Exists(certFile)) throw CommandException.NoInput(certFile);
        var certificates = Certificate.ParseFile(await File.ReadAllBytesAsync(certFile, ct));
        if (certificates.Count == 0)
            throw new CommandException(ExitCode.BadInput, $"{certFile} không có chứng thư số nào.", $"{certFile} holds no certificate.");
        var state = await new RemoteSigner(signer, TimeProvider.System).PrepareSignatureAsync(input, certificates[0], [.. certificates.Skip(1)], request, ct);
        await state.SaveAsync(parsed.GetValue(prepare)!, ct);
        if (parsed.GetValue(hash) is { } file) await File.WriteAllBytesAsync(file, Convert.FromHexString(state.SignedAttributesHash), ct);
        terminal.WriteJson(new JsonObject { ["signedAttributesHash"] = state.SignedAttributesHash, ["digest"] = state.Digest, ["state"] = parsed.GetValue(prepare) });
    }

    public async Task<(string Input, SignedPdf Signed)> CompleteAsync(ParseResult parsed, PdfSigner signer, string? output, PdfPassword? password, CancellationToken ct)
    {
        if (parsed.GetValue(value) is not { } file || output is null or StandardStreams.Word)
            throw new CommandException(ExitCode.Usage, "--complete cần --value TỆP và -o TỆP.", "--complete needs --value FILE and -o OUT.");
        if (!File.Exists(file)) throw CommandException.NoInput(file);
        var state = PendingSignature.Load(parsed.GetValue(complete)!) with { Password = password };
        return (state.Input, await new RemoteSigner(signer, TimeProvider.System).CompleteSignatureAsync(state, await File.ReadAllBytesAsync(file, ct), output, ct));
    }
}
