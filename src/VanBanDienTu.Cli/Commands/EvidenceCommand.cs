using System.CommandLine;
using VanBanDienTu.Cli.Client;
using VanBanDienTu.Cli.Terminals;
using VanBanDienTu.Contracts.V1;
using VanBanDienTu.Signing.Evidence;
using VanBanDienTu.Signing.Trust;

namespace VanBanDienTu.Cli.Commands;

/// <summary><c>vbdt evidence get</c>: signed evidence as files that openssl can check.</summary>
internal static class EvidenceCommand
{
    public static Command Create() => new("evidence", "Chứng cứ đã ký của từng chặng / Signed evidence of every hop") { Get(), Verify() };

    private static Command Get()
    {
        var document = new Option<string?>("--document") { Description = "của văn bản đi này / of this outgoing document", HelpName = "ID" };
        var message = new Option<string?>("--message") { Description = "của lần chuyển, văn bản đến hoặc trạng thái này / of this delivery, incoming document or status", HelpName = "ID" };
        var all = new Option<bool>("--all") { Description = "tất cả (vai trò auditor) / all of it (role auditor)" };
        var into = new Option<string>("--into", "-o") { Description = "thư mục ghi / folder", HelpName = "DIR", DefaultValueFactory = _ => "." };
        var command = new Command("get", "Ghi NAME.json và NAME.json.p7s / Write NAME.json and NAME.json.p7s") { document, message, all, into };
        var node = new NodeOptions(command);
        return command.WithExamples(
            "evidence get --document 0b3c… --into chung-cu",
            "evidence get --all --into chung-cu").Does(async (parsed, terminal, ct) =>
        {
            using var connection = NodeConnection.Open(node.Read(parsed), TimeProvider.System);
            var count = await EvidenceFiles.WriteAsync(
                connection, Request(parsed.GetValue(document), parsed.GetValue(message), parsed.GetValue(all)), parsed.GetRequiredValue(into), "", ct);
            terminal.Say(
                $"Đã ghi {count} chứng cứ. Kiểm tra: openssl cms -verify -binary -inform DER -in NAME.json.p7s -content NAME.json -CAfile root.pem -purpose any",
                $"{count} pieces of evidence written.");
            return count > 0 ? ExitCode.Ok : ExitCode.Failed;
        });
    }

    private static Command Verify()
    {
        var paths = new Argument<string[]>("PATH") { Description = "tệp NAME.json (cạnh đó có NAME.json.p7s) hoặc thư mục / NAME.json with NAME.json.p7s beside it, or a folder", Arity = ArgumentArity.OneOrMore };
        var trust = new Option<string>("--trust") { Description = "thư mục chứng thư gốc được tin / folder of trusted roots", HelpName = "DIR", Required = true };
        var sample = new Option<bool>("--allow-sample-trust") { Description = "chấp nhận gốc mẫu / accept sample roots" };
        return new Command("verify", "Kiểm tra chứng cứ ngoại tuyến / Check evidence offline") { paths, trust, sample }
            .WithExamples("evidence verify demo-out/receipts --trust demo-out/trust --allow-sample-trust")
            .Does((parsed, terminal, _) =>
            {
                var anchors = TrustSnapshot.Load(parsed.GetRequiredValue(trust), parsed.GetValue(sample));
                var bad = 0;
                var files = parsed.GetRequiredValue(paths).SelectMany(JsonFiles).ToList();
                foreach (var file in files)
                {
                    var verdict = EvidenceVerifier.Verify(File.ReadAllBytes(file), SignatureOf(file), anchors, TimeProvider.System.GetUtcNow());
                    if (!verdict.Valid) bad++;
                    terminal.Out.WriteLine(verdict.Valid ? $"OK    {file}  {verdict.Signer?.CommonName}" : $"HỎNG  {file}  {verdict.Text?.Vi} / {verdict.Text?.En}");
                }
                terminal.Say($"{files.Count - bad} đúng, {bad} hỏng.", $"{files.Count - bad} good, {bad} bad.");
                return Task.FromResult(bad > 0 || files.Count == 0 ? ExitCode.Failed : ExitCode.Ok);
            });
    }

    private static IEnumerable<string> JsonFiles(string path)
    {
        if (Directory.Exists(path)) return Directory.EnumerateFiles(path, "*.json").Where(f => File.Exists(f + ".p7s")).Order(StringComparer.Ordinal);
        return File.Exists(path) ? [path] : throw CommandException.NoInput(path);
    }

    private static byte[] SignatureOf(string file) =>
        File.Exists(file + ".p7s") ? File.ReadAllBytes(file + ".p7s") : throw CommandException.NoInput(file + ".p7s");

    private static GetEvidenceRequest Request(string? document, string? message, bool all) => (document, message, all) switch
    {
        ({ } id, null, false) => new GetEvidenceRequest { DocumentId = id },
        (null, { } id, false) => new GetEvidenceRequest { MessageId = id },
        (null, null, true) => new GetEvidenceRequest { AfterSequence = 0 },
        _ => throw new CommandException(
            ExitCode.Usage, "Hãy cho đúng một trong --document, --message, --all.", "Give exactly one of --document, --message, --all."),
    };
}
