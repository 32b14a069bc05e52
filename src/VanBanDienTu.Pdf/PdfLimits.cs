namespace VanBanDienTu.Pdf;

/// <summary>Bounds on what one file may cost. The defaults pass every honest file we know and stop every bomb we know.</summary>
public sealed record PdfLimits
{
    /// <summary>The defaults.</summary>
    public static PdfLimits Default { get; } = new();

    /// <summary>Nesting of arrays and dictionaries inside one object.</summary>
    public int MaxDepth { get; init; } = 100;

    /// <summary>Cross-reference entries over all sections of the file.</summary>
    public int MaxXrefEntries { get; init; } = 4_000_000;

    /// <summary>Sections in the <c>/Prev</c> chain.</summary>
    public int MaxSections { get; init; } = 4_096;

    /// <summary>Bytes of one object without its stream data; a <c>/Contents</c> string counts.</summary>
    public int MaxObjectBytes { get; init; } = 32 << 20;

    /// <summary>Decoded bytes of one stream that is held in memory (object streams, cross-reference streams).</summary>
    public int MaxDecodedBytes { get; init; } = 64 << 20;

    /// <summary>Decoded bytes of all streams of the file together.</summary>
    public long MaxDecodedTotal { get; init; } = 1L << 30;

    /// <summary>Nodes of one tree (pages, fields) and their depth is at most <see cref="MaxTreeDepth"/>.</summary>
    public int MaxTreeNodes { get; init; } = 500_000;

    /// <summary>Depth of the page tree and of the form tree.</summary>
    public int MaxTreeDepth { get; init; } = 64;

    /// <summary>Largest file whose cross-reference is rebuilt by a scan when it is broken, in bytes.</summary>
    public long MaxRepairBytes { get; init; } = 512L << 20;

    /// <summary>Processor time for the structure of a file, besides one second for each 16 MiB of its length.</summary>
    public TimeSpan MaxTime { get; init; } = TimeSpan.FromSeconds(4);
}
