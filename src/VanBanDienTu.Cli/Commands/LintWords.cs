using System.CommandLine;
using System.Text.Json.Nodes;
using VanBanDienTu.Cli.Terminals;
using VanBanDienTu.Pdf.Lint;
using VanBanDienTu.Signing;
using VanBanDienTu.Signing.Lint;

namespace VanBanDienTu.Cli.Commands;

/// <summary>The lint before signing: <c>--lint</c>, and how its findings are told.</summary>
internal sealed class LintWords
{
    private readonly Option<string[]> lint = new("--lint")
    {
        Description = "soát văn bản trước khi ký: mức cho mọi mục (refuse, warn, allow) hoặc cho từng mã; mặc định từ chối những gì có thể làm văn bản hiển thị khác và dấu độ mật / look through the document first; by default what could change what is seen, and state secrets, refuse",
        HelpName = "refuse|warn|allow|CODE=…",
        Arity = ArgumentArity.OneOrMore,
    };

    public void AddTo(Command command) => command.Add(lint);

    public SignatureRequest Apply(ParseResult parsed, SignatureRequest request) => request with { Lint = LintPolicy.Parse(parsed.GetValue(lint) ?? []) };

    public static void Tell(Terminal terminal, string file, IReadOnlyList<LintFinding> findings)
    {
        foreach (var finding in findings) terminal.Say($"{file}: [{finding.Code}] {finding.Vi}", finding.En);
    }

    public static JsonArray Json(IReadOnlyList<LintFinding> findings) =>
    [
        .. findings.Select(f => new JsonObject
        {
            ["code"] = f.Code, ["object"] = f.Object, ["count"] = f.Count, ["text"] = new JsonObject { ["vi"] = f.Vi, ["en"] = f.En },
        }),
    ];
}
