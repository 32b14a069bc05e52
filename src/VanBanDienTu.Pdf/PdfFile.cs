namespace VanBanDienTu.Pdf;

/// <summary>
/// A PDF opened by its structure: revisions, objects, signature fields. Only the windows that are asked for are read, never the whole file.
/// </summary>
/// <remarks>Not safe for concurrent use. Source: ISO 32000-2, 7.5.</remarks>
public sealed class PdfFile : IDisposable
{
    private readonly List<PdfFinding> findings = [];
    private readonly PdfView?[] views;
    private readonly Dictionary<int, IReadOnlyList<RevisionChange>> steps = [];

    private PdfFile(PdfBytes bytes, PdfLimits limits, PdfBudget budget, PdfPassword? password)
    {
        (Bytes, Limits, Budget) = (bytes, limits, budget);
        Reader = new ObjectReader(bytes, limits, budget);
        Store = new ObjectStore(Reader, limits, findings);
        Shift = FileStart.HeaderOffset(bytes);
        Revisions = FileStart.ReadRevisions(this, findings);
        views = new PdfView?[Revisions.Count];
        Store.Cipher = StandardSecurity.Open(this, password, findings);
        if (Catalog.Count == 0 && Revisions[0].Kind != XrefKind.Rebuilt)
        {
            Revisions = FileStart.Rebuild(this, findings, PdfException.Bad("Không tìm thấy danh mục gốc.", "The document catalogue cannot be found."));
            views = new PdfView?[1];
        }
        if (Catalog.Count == 0)
            throw PdfException.Bad("Không tìm thấy danh mục gốc của tài liệu PDF.", "The PDF has no document catalogue.");
        findings.AddRange(TailCheck.Look(this));
    }

    /// <summary>The bytes it is read from.</summary>
    public PdfBytes Bytes { get; }

    /// <summary>The bounds it is read under.</summary>
    public PdfLimits Limits { get; }

    /// <summary>Oldest first; at least one.</summary>
    public IReadOnlyList<PdfRevision> Revisions { get; }

    /// <summary>The last revision.</summary>
    public PdfRevision Newest => Revisions[^1];

    /// <summary>The trailer of the newest revision.</summary>
    public PdfDictionary Trailer => Newest.Trailer;

    /// <summary>The catalogue of the newest revision.</summary>
    public PdfDictionary Catalog => At(Newest).Catalog;

    /// <summary>The signature fields (trường chữ ký) reachable through the form of the newest revision, signed or empty.</summary>
    public IReadOnlyList<PdfSignatureField> SignatureFields => At(Newest).SignatureFields;

    /// <summary>Repairs and oddities met so far; reading more of the file may add to it.</summary>
    public IReadOnlyList<PdfFinding> Findings => findings;

    /// <summary>Whether the cross-reference had to be rebuilt by a scan.</summary>
    public bool Repaired => Revisions[0].Kind == XrefKind.Rebuilt;

    /// <summary>Bytes of junk before the header; offsets in the file count from the header.</summary>
    internal long Shift { get; }

    /// <summary>Whether it is encrypted (and could be opened).</summary>
    public bool Encrypted => Store.Cipher is not null;

    internal PdfBudget Budget { get; }

    internal ObjectReader Reader { get; }

    internal ObjectStore Store { get; }

    /// <summary>Opens a file. On success it owns <paramref name="bytes"/> and disposes of them.</summary>
    /// <param name="bytes">The file.</param>
    /// <param name="limits">The bounds; null for the defaults.</param>
    /// <param name="password">The user's or the owner's, for an encrypted file; one with an empty user password needs none.</param>
    /// <exception cref="PdfException"><see cref="PdfFault.NotAPdf"/>, <see cref="PdfFault.Truncated"/>, <see cref="PdfFault.Encrypted"/> (no or a wrong
    /// password), <see cref="PdfFault.LimitExceeded"/> or <see cref="PdfFault.BadStructure"/>.</exception>
    public static PdfFile Open(PdfBytes bytes, PdfLimits? limits = null, PdfPassword? password = null)
    {
        limits ??= PdfLimits.Default;
        return new PdfFile(bytes, limits, new PdfBudget(limits, bytes.Length), password);
    }

    /// <summary>Opens a file on disk.</summary>
    /// <exception cref="IOException">It cannot be opened.</exception>
    /// <exception cref="PdfException">As <see cref="Open(PdfBytes, PdfLimits?, PdfPassword?)"/>.</exception>
    public static PdfFile Open(string path, PdfLimits? limits = null, PdfPassword? password = null)
    {
        var bytes = PdfBytes.Open(path);
        try
        {
            return Open(bytes, limits, password);
        }
        catch
        {
            bytes.Dispose();
            throw;
        }
    }

    /// <summary>The document as that revision saw it.</summary>
    public PdfView At(PdfRevision revision) => views[revision.Index - 1] ??= new PdfView(this, revision);

    /// <summary>The object of that name in the newest revision, or null.</summary>
    public PdfObject Load(PdfRef name) => At(Newest).Load(name);

    /// <summary>Follows references in the newest revision.</summary>
    public PdfObject Resolve(PdfObject value) => At(Newest).Resolve(value);

    /// <inheritdoc/>
    public void Dispose() => Bytes.Dispose();

    internal void AddFinding(PdfFinding finding)
    {
        if (!findings.Contains(finding) && findings.Count < 1000)
            findings.Add(finding);
    }

    /// <summary>What one revision changed against the one before it; computed once, since every earlier signature asks.</summary>
    internal IReadOnlyList<RevisionChange> ChangesOf(PdfRevision revision) =>
        steps.TryGetValue(revision.Index, out var known) ? known : steps[revision.Index] = RevisionDiffer.Compare(At(Revisions[revision.Index - 2]), At(revision));
}
