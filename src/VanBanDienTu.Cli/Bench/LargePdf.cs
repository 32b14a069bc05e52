using System.Globalization;
using System.Text;

namespace VanBanDienTu.Cli.Bench;

/// <summary>Makes a PDF of any size: one page, and behind it a stream of bytes that compress badly, as scans are.</summary>
internal static class LargePdf
{
    private const int BlockBytes = 1 << 20;
    private const int Around = 1024; // what the rest of the file takes, about

    public static async Task WriteAsync(string path, long size, CancellationToken ct)
    {
        await using var output = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, BlockBytes);
        var offsets = new List<long>();
        var length = Math.Max(size - Around, 1);
        await TextAsync(output, "%PDF-1.7\n", ct);
        await ObjectAsync($"<</Length {length}>>stream\n");
        var block = new byte[BlockBytes];
        new Random(length.GetHashCode()).NextBytes(block);
        for (var left = length; left > 0; left -= block.Length)
            await output.WriteAsync(block.AsMemory(0, (int)Math.Min(left, block.Length)), ct);
        await TextAsync(output, "\nendstream\nendobj\n", ct);
        await ObjectAsync("<</Type/Catalog/Pages 3 0 R>>\nendobj\n");
        await ObjectAsync("<</Type/Pages/Kids[4 0 R]/Count 1/MediaBox[0 0 595 842]>>\nendobj\n");
        await ObjectAsync("<</Type/Page/Parent 3 0 R/Resources<</XObject<<>>>>/PieceInfo<</Vbdt<</Private 1 0 R>>>>>>\nendobj\n");
        var section = output.Position;
        await TextAsync(output, "xref\n0 5\n0000000000 65535 f\r\n", ct);
        foreach (var offset in offsets)
            await TextAsync(output, string.Create(CultureInfo.InvariantCulture, $"{offset:D10} 00000 n\r\n"), ct);
        await TextAsync(output, $"trailer\n<</Root 2 0 R/Size 5>>\nstartxref\n{section}\n%%EOF\n", ct);

        async Task ObjectAsync(string body)
        {
            offsets.Add(output.Position);
            await TextAsync(output, $"{offsets.Count} 0 obj\n{body}", ct);
        }
    }

    private static async Task TextAsync(FileStream output, string text, CancellationToken ct) => await output.WriteAsync(Encoding.ASCII.GetBytes(text), ct);
}
