namespace VanBanDienTu.Pdf;

/// <summary>The work of comparing one revision with the one before it: both views, what was found, what is still to be compared.</summary>
internal sealed class Difference(PdfView before, PdfView after)
{
    private const int MostFound = 1000;
    private const int MostAllowed = 100_000;

    /// <summary>What refers to a field or a widget as such.</summary>
    private static readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> FieldKeys =
        new HashSet<string>(StringComparer.Ordinal) { "Parent", "Annots", "Fields", "Kids", "Obj", "CO", "T", "Popup", "IRT", "AN", "TA" }.GetAlternateLookup<ReadOnlySpan<char>>();

    private readonly List<RevisionChange> found = [];
    private readonly HashSet<(ChangeClass, string, bool, string?)> said = [];
    private readonly Dictionary<PdfRef, JudgedAs> judged = [];
    private int allowed;
    private int refused;
    private int comments;
    private readonly HashSet<PdfRef> newFields = [];

    public PdfView Before { get; } = before;

    public PdfView After { get; } = after;

    public IReadOnlyList<RevisionChange> Found => found;

    /// <summary>Widgets that a permitted change may put on a page.</summary>
    public HashSet<PdfRef> NewWidgets { get; } = [];

    /// <summary>Annotations whose appearance a permitted change may set. What they may hide is looked at page by page.</summary>
    public HashSet<PdfRef> Redrawn { get; } = [];

    /// <summary>Appearances that a filled field gave up. Another use of one outside the form means that its purpose is not what it seemed.</summary>
    public HashSet<PdfRef> Released { get; } = [];

    /// <summary>What the rules leave to be compared for equality.</summary>
    public StrictComparer Strict => field ??= new StrictComparer(this);

    /// <summary>Marks an object as compared by a rule of its own, wherever else it is referred to as that.</summary>
    /// <returns>False when it was marked before.</returns>
    public bool Judge(PdfRef name, JudgedAs kind)
    {
        var known = judged.GetValueOrDefault(name);
        judged[name] = known | kind;
        return (known & kind) == JudgedAs.None;
    }

    /// <summary>Marks a field as new. It is not exempt from comparison: a number that meant something else before must still mean that elsewhere.</summary>
    /// <returns>False when it was marked before.</returns>
    public bool JudgeNew(PdfRef name) => newFields.Add(name);

    /// <summary>
    /// Whether a reference by that key means the object as its own rule knows it. A field is also a dictionary: one that is named as the fonts or the forms
    /// that a page draws with may not change there, whatever its value may do.
    /// </summary>
    public bool IsJudged(PdfRef name, string? key) => judged.TryGetValue(name, out var kinds)
        && ((kinds & (JudgedAs.Page | JudgedAs.Structure)) != JudgedAs.None || ((kinds & JudgedAs.Field) != JudgedAs.None ? FieldKeys.Contains(Last(key)) : Last(key) is "Data"));

    /// <summary>A change that the whitelist allows.</summary>
    public void Allow(ChangeClass change, PdfRef? target, string vi, string en, string? field = null) => Say(change, target?.ToString() ?? "-", isAllowed: true, vi, en, field);

    /// <summary>A change that it does not allow.</summary>
    public void Refuse(ChangeClass change, PdfRef? target, string vi, string en, string? field = null) => Say(change, target?.ToString() ?? "-", isAllowed: false, vi, en, field);

    /// <summary>A comment: allowed only where a certification permits annotations.</summary>
    public void Comment(PdfRef target, string vi, string en)
    {
        if (comments++ < MostFound)
            found.Add(new RevisionChange(After.Revision.Index, ChangeClass.Annotation, target.ToString(), Allowed: false, vi, en) { IsComment = true });
    }

    /// <summary>A change at a place that is no object.</summary>
    public void RefuseAt(string place, string vi, string en) => Say(ChangeClass.Undefined, place, isAllowed: false, vi, en, null);

    /// <summary>Whether the bytes behind that object number are others than before.</summary>
    public bool Moved(PdfRef name) => Before.Locate(name.Number) != After.Locate(name.Number);

    private static ReadOnlySpan<char> Last(string? path) => path.AsSpan()[((path?.LastIndexOf('/') ?? -1) + 1)..];

    // What is allowed must never crowd out what is not, nor what a lock forbids: that is asked only later.
    private void Say(ChangeClass change, string place, bool isAllowed, string vi, string en, string? field)
    {
        if (!said.Add((change, place, isAllowed, isAllowed ? field : en)))
            return;
        if (isAllowed && ++allowed > MostAllowed)
            throw PdfException.Limit($"{MostAllowed} changes in one revision");
        if (isAllowed || ++refused <= MostFound)
            found.Add(new RevisionChange(After.Revision.Index, change, place, isAllowed, vi, en) { Field = field });
    }
}

/// <summary>By which rules an object is compared.</summary>
[Flags]
internal enum JudgedAs
{
    None = 0,
    Catalog = 1,
    Page = 2,
    Field = 4,
    Structure = 8,
}
