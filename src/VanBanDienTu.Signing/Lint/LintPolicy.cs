using System.Collections.Frozen;
using VanBanDienTu.Pdf;
using VanBanDienTu.Pdf.Lint;

namespace VanBanDienTu.Signing.Lint;

/// <summary>What a finding of the lint does to a signature.</summary>
public enum LintAction
{
    /// <summary>It is not even mentioned.</summary>
    Allow,

    /// <summary>It is told to who signs.</summary>
    Warn,

    /// <summary>Nothing is signed.</summary>
    Refuse,
}

/// <summary>Which findings stop a signature (chính sách soát văn bản trước khi ký): an action for each code. Never changes.</summary>
public sealed class LintPolicy
{
    private static readonly string[] RefusedByDefault =
    [
        LintCodes.JavaScript, LintCodes.VisibilityAction, LintCodes.ExternalContent, LintCodes.HiddenLayer, LintCodes.HiddenField, LintCodes.FieldOutsideForm,
        LintCodes.OverlappingFields, LintCodes.SameFieldName, LintCodes.Xfa, LintCodes.UnreachablePage, LintCodes.CoveredText, LintCodes.Structure, LintCodes.StateSecret,
    ];

    private readonly FrozenDictionary<string, LintAction> actions;

    private LintPolicy(IEnumerable<KeyValuePair<string, LintAction>> actions) => this.actions = actions.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Refuses what could show something else later, and state secrets; warns of the rest.</summary>
    public static LintPolicy Default { get; } = new(LintCodes.All.Select(c => KeyValuePair.Create(c, RefusedByDefault.Contains(c, StringComparer.Ordinal) ? LintAction.Refuse : LintAction.Warn)));

    /// <summary>The default, changed by words in their order: <c>refuse</c>, <c>warn</c> or <c>allow</c> for all findings, or <c>CODE=refuse</c> for one.</summary>
    /// <exception cref="SigningException"><see cref="SigningFault.BadRequest"/>: no such code or action.</exception>
    public static LintPolicy Parse(IEnumerable<string> words) => words.Aggregate(Default, (policy, word) => policy.With(word));

    private LintPolicy With(string word)
    {
        var parts = word.Split('=', 2, StringSplitOptions.TrimEntries);
        LintAction? action = parts[^1] switch { "refuse" => LintAction.Refuse, "warn" => LintAction.Warn, "allow" => LintAction.Allow, _ => null };
        if (action is not { } wanted || (parts.Length == 2 && !actions.ContainsKey(parts[0])))
            throw new SigningException(SigningFault.BadRequest,
                $"The lint word '{word}' is none of refuse, warn, allow, CODE=refuse|warn|allow; codes: {string.Join(", ", LintCodes.All)}.",
                $"«{word}» không phải refuse, warn, allow hay MÃ=refuse|warn|allow; các mã: {string.Join(", ", LintCodes.All)}.");
        return new(actions.Select(a => parts.Length == 1 || a.Key == parts[0] ? KeyValuePair.Create(a.Key, wanted) : a));
    }

    /// <summary>The action for a code.</summary>
    public LintAction ActionFor(string code) => actions.GetValueOrDefault(code, LintAction.Refuse);

    /// <summary>Looks through a document, and throws when something in it forbids to sign.</summary>
    /// <returns>What is to be told, most serious first.</returns>
    /// <exception cref="SigningException"><see cref="SigningFault.LintRefused"/>, with all that it was refused for.</exception>
    internal IReadOnlyList<LintFinding> Check(PdfFile file, string name)
    {
        if (actions.Values.All(a => a == LintAction.Allow))
            return [];
        var found = DocumentLint.Run(file).Concat(SecrecyLint.Run(file)).Where(f => ActionFor(f.Code) != LintAction.Allow).ToList();
        var refused = found.Where(f => ActionFor(f.Code) == LintAction.Refuse).ToList();
        return refused.Count == 0 ? found : throw new SigningException(SigningFault.LintRefused,
            $"{name} is not signed: {string.Join(' ', refused.Select(f => $"[{f.Code}] {f.En}"))}", $"Không ký {name}: {string.Join(' ', refused.Select(f => $"[{f.Code}] {f.Vi}"))}");
    }
}
