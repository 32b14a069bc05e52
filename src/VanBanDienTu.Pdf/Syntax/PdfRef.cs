using System.Runtime.InteropServices;

namespace VanBanDienTu.Pdf;

/// <summary>The name of an indirect object: its number and generation.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct PdfRef(int Number, int Generation)
{
    /// <summary>As in the file, e.g. <c>12 0</c>.</summary>
    public override string ToString() => $"{Number} {Generation}";
}

/// <summary>A run of bytes of the file: from <paramref name="Start"/> up to, not including, <paramref name="End"/>.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct PdfSpan(long Start, long End)
{
    /// <summary>In bytes.</summary>
    public long Length => End - Start;
}

/// <summary>A rectangle in default user space (1/72 inch unless the page says otherwise), corners in order.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct PdfRectangle(double Left, double Bottom, double Right, double Top)
{
    /// <summary>In user space units.</summary>
    public double Width => Right - Left;

    /// <summary>In user space units.</summary>
    public double Height => Top - Bottom;
}
