using System.Buffers;
using System.Buffers.Text;
using System.Text;
using System.Xml;

namespace VanBanDienTu.Axis.Edxml;

/// <summary>
/// Decodes the base64 text of the element that a reader stands on, in chunks. Stricter than XmlReader's own decoder, which drops a cut-off
/// end in silence: here a text that is not a whole number of groups is broken.
/// </summary>
internal sealed class Base64Content(XmlReader xml, CancellationToken ct)
{
    private const int ChunkChars = 32 * 1024;

    public delegate void Sink(ReadOnlySpan<byte> bytes);

    private readonly char[] chars = new char[ChunkChars];
    private readonly byte[] text = new byte[ChunkChars + 4];
    private readonly byte[] decoded = new byte[ChunkChars];
    private int pending;

    /// <summary>False when the text is not base64; the reader is left on the element's end tag in both cases.</summary>
    public bool CopyTo(Sink sink)
    {
        if (xml.IsEmptyElement)
            return true;
        var whole = true;
        for (var depth = xml.Depth; xml.Read() && !(xml.NodeType == XmlNodeType.EndElement && xml.Depth == depth);)
        {
            if (xml.NodeType == XmlNodeType.Element)
                whole = false;
            if (xml.NodeType is not (XmlNodeType.Text or XmlNodeType.CDATA))
                continue;
            for (int read; (read = xml.ReadValueChunk(chars, 0, ChunkChars)) > 0;)
            {
                ct.ThrowIfCancellationRequested();
                whole = whole && Append(chars.AsSpan(0, read)) && Decode(sink, last: false);
            }
        }
        return whole && Decode(sink, last: true);
    }

    private bool Append(ReadOnlySpan<char> more)
    {
        var space = text.AsSpan(pending);
        if (Ascii.FromUtf16(more, space, out var written) != OperationStatus.Done)
            return false;
        var added = space[..written];
        if (added.ContainsAny((byte)' ', (byte)'\n', (byte)'\r') || added.Contains((byte)'\t'))
        {
            var kept = 0;
            foreach (var b in added)
            {
                if (b is not ((byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t'))
                    added[kept++] = b;
            }
            written = kept;
        }
        pending += written;
        return true;
    }

    // Holds the last group back until the end is known, because only there padding is allowed.
    private bool Decode(Sink sink, bool last)
    {
        var ready = last ? pending : Math.Max(0, (pending - 1) / 4 * 4);
        if (ready == 0)
            return true;
        var status = Base64.DecodeFromUtf8(text.AsSpan(0, ready), decoded, out var consumed, out var written, isFinalBlock: last);
        if (status != OperationStatus.Done || consumed != ready)
            return false;
        sink(decoded.AsSpan(0, written));
        text.AsSpan(ready, pending - ready).CopyTo(text);
        pending -= ready;
        return true;
    }
}
