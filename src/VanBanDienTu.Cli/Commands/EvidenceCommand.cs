using System.CommandLine;
using VanBanDienTu.Cli.Client;
using VanBanDienTu.Cli.Terminals;
using VanBanDienTu.Contracts.V1;
using VanBanDienTu.Signing;
using VanBanDienTu.Signing.Evidence;
using VanBanDienTu.Signing.Evidence.Bundles;
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
        var bundle = new Option<string?>("--bundle") { Description = "cả hồ sơ trong một tệp ASiC-E: văn bản, gói tin, chứng cứ, báo cáo / the whole story in one ASiC-E file", HelpName = "FILE" };
        var command = new Command("get", "Ghi NAME.json và NAME.json.p7s / Write NAME.json and NAME.json.p7s") { document, message, all, into, bundle };
        var node = new NodeOptions(command);
        return command.WithExamples(
            "evidence get --document 0b3c… --into chung-cu",
            "evidence get --all --into chung-cu",
            "evidence get --document 0b3c… --bundle ho-so.asice").Does(async (parsed, terminal, ct) =>
        {
            using var connection = NodeConnection.Open(node.Read(parsed), TimeProvider.System);
            if (parsed.GetValue(bundle) is { } file)
            {
                var size = await EvidenceFiles.WriteBundleAsync(connection, BundleRequest(parsed.GetValue(document), parsed.GetValue(message)), file, ct);
                terminal.Say($"Đã ghi {file} ({size:N0} byte). Kiểm tra: vbdt evidence verify {file} --trust DIR", $"{file} written.");
                return ExitCode.Ok;
            }

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
        var paths = new Argument<string[]>("PATH") { Description = "tệp NAME.json (cạnh đó có NAME.json.p7s), thư mục, hoặc hồ sơ .asice / NAME.json with NAME.json.p7s beside it, a folder, or a bundle .asice", Arity = ArgumentArity.OneOrMore };
        var trust = new Option<string>("--trust") { Description = "thư mục chứng thư gốc được tin / folder of trusted roots", HelpName = "DIR", Required = true };
        var sample = new Option<bool>("--allow-sample-trust") { Description = "chấp nhận gốc mẫu / accept sample roots" };
        return new Command("verify", "Kiểm tra chứng cứ ngoại tuyến / Check evidence offline") { paths, trust, sample }
            .WithExamples("evidence verify demo-out/receipts --trust demo-out/trust --allow-sample-trust", "evidence verify ho-so.asice --trust DIR")
            .Does((parsed, terminal, _) =>
            {
                var anchors = TrustSnapshot.Load(parsed.GetRequiredValue(trust), parsed.GetValue(sample));
                var (good, bad) = (0, 0);
                foreach (var finding in parsed.GetRequiredValue(paths).SelectMany(path => Judge(path, anchors, TimeProvider.System.GetUtcNow())))
                {
                    if (finding.Good) good++;
                    else bad++;
                    terminal.Out.WriteLine($"{(finding.Good ? "OK   " : "HỎNG ")} {finding.Name}  {finding.Text.Vi} / {finding.Text.En}");
                }

                terminal.Say($"{good} đúng, {bad} hỏng.", $"{good} good, {bad} bad.");
                return Task.FromResult(bad > 0 || good == 0 ? ExitCode.Failed : ExitCode.Ok);
            });
    }

    private static IEnumerable<AsicFinding> Judge(string path, TrustSnapshot anchors, DateTimeOffset now)
    {
        if (File.Exists(path) && Path.GetExtension(path) is not ".json")
        {
            using var container = File.OpenRead(path);
            return AsicReader.Verify(container, anchors, now);
        }

        return JsonFiles(path).Select(file =>
        {
            var verdict = EvidenceVerifier.Verify(File.ReadAllBytes(file), SignatureOf(file), anchors, now);
            return new AsicFinding(file, verdict.Valid, verdict.Text ?? new LocalText($"ký bởi {verdict.Signer?.CommonName}", $"signed by {verdict.Signer?.CommonName}"));
        });
    }

    private static IEnumerable<string> JsonFiles(string path)
    {
        if (Directory.Exists(path)) return Directory.EnumerateFiles(path, "*.json").Where(f => File.Exists(f + ".p7s")).Order(StringComparer.Ordinal);
        return File.Exists(path) ? [path] : throw CommandException.NoInput(path);
    }

    private static byte[] SignatureOf(string file) =>
        File.Exists(file + ".p7s") ? File.ReadAllBytes(file + ".p7s") : throw CommandException.NoInput(file + ".p7s");

    private static GetBundleRequest BundleRequest(string? document, string? message) => (document, message) switch
    {
        ({ } id, null) => new GetBundleRequest { DocumentId = id },
        (null, { } id) => new GetBundleRequest { MessageId = id },
        _ => throw new CommandException(
            ExitCode.Usage, "Với --bundle, hãy cho đúng một trong --document, --message.", "With --bundle give exactly one of --document, --message."),
    };

    private static GetEvidenceRequest Request(string? document, string? message, bool all) => (document, message, all) switch
    {
        ({ } id, null, false) => new GetEvidenceRequest { DocumentId = id },
        (null, { } id, false) => new GetEvidenceRequest { MessageId = id },
        (null, null, true) => new GetEvidenceRequest { AfterSequence = 0 },
        _ => throw new CommandException(
            ExitCode.Usage, "Hãy cho đúng một trong --document, --message, --all.", "Give exactly one of --document, --message, --all."),
    };
}
