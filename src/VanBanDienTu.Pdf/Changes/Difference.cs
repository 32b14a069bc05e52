namespace VanBanDienTu.Pdf;

/// <summary>The work of comparing one revision with the one before it: both views, what was found, what is still to be compared.</summary>
internal sealed class Difference(PdfView before, PdfView after)
{
    private const int MostFound = 1000;

    private readonly List<RevisionChange> found = [];
    private readonly HashSet<(ChangeClass, string, string?)> said = [];
    private readonly HashSet<PdfRef> judged = [];
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

    /// <summary>Marks an object as compared by a rule of its own, wherever else it is referred to.</summary>
    /// <returns>False when it was marked before.</returns>
    public bool Judge(PdfRef name) => judged.Add(name);

    /// <summary>Marks a field as new. It is not exempt from comparison: a number that meant something else before must still mean that elsewhere.</summary>
    /// <returns>False when it was marked before.</returns>
    public bool JudgeNew(PdfRef name) => newFields.Add(name);

    public bool IsJudged(PdfRef name) => judged.Contains(name);

    /// <summary>A change that the whitelist allows.</summary>
    public void Allow(ChangeClass change, PdfRef? target, string vi, string en, string? field = null) => Say(change, target?.ToString() ?? "-", allowed: true, vi, en, field);

    /// <summary>A change that it does not allow.</summary>
    public void Refuse(ChangeClass change, PdfRef? target, string vi, string en, string? field = null) => Say(change, target?.ToString() ?? "-", allowed: false, vi, en, field);

    /// <summary>A comment: allowed only where a certification permits annotations.</summary>
    public void Comment(PdfRef target, string vi, string en)
    {
        if (found.Count < MostFound)
            found.Add(new RevisionChange(After.Revision.Index, ChangeClass.Annotation, target.ToString(), Allowed: false, vi, en) { IsComment = true });
    }

    /// <summary>A change at a place that is no object.</summary>
    public void RefuseAt(string place, string vi, string en) => Say(ChangeClass.Undefined, place, allowed: false, vi, en, null);

    /// <summary>Whether the bytes behind that object number are others than before.</summary>
    public bool Moved(PdfRef name) => Before.Locate(name.Number) != After.Locate(name.Number);

    private void Say(ChangeClass change, string place, bool allowed, string vi, string en, string? field)
    {
        if (found.Count < MostFound && said.Add((change, place, allowed ? field : en)))
            found.Add(new RevisionChange(After.Revision.Index, change, place, allowed, vi, en) { Field = field });
    }
}
