using System.Buffers;
using System.Globalization;
using System.Text;

namespace VanBanDienTu.Pdf;

/// <summary>Writes PDF syntax, sparing of bytes.</summary>
internal sealed class PdfOutput
{
    private const int Usual = 16 << 10;

    private readonly ArrayBufferWriter<byte> bytes = new(Usual);

    /// <summary>Set while a signature dictionary is written: where its placeholders stand.</summary>
    public Dictionary<PdfPlaceholder, PdfSpan> Placeholders { get; } = [];

    public long Length => bytes.WrittenCount;

    public byte[] ToArray() => bytes.WrittenSpan.ToArray();

    public void Raw(string ascii) => bytes.Advance(Encoding.Latin1.GetBytes(ascii, bytes.GetSpan(ascii.Length)));

    public void Raw(ReadOnlySpan<byte> data) => bytes.Write(data);

    public void Value(PdfObject value)
    {
        switch (value)
        {
            case PdfNull: Raw("null"u8); break;
            case PdfBoolean b: Raw(b.Value ? "true"u8 : "false"u8); break;
            case PdfInteger i: Integer(i.Value); break;
            case PdfReal r: Raw(r.Digits); break;
            case PdfName n: Name(n.Value); break;
            case PdfString s: String(s); break;
            case PdfReference r: Reference(r.Target); break;
            case PdfArray a: Array(a); break;
            case PdfDictionary d: Dictionary(d); break;
            case PdfStream s: Stream(s); break;
            case PdfPlaceholder p:
                var start = Length;
                Placeholder(p);
                Placeholders[p] = new PdfSpan(start, Length);
                break;
            default: throw new InvalidOperationException($"{value.GetType().Name} has no written form.");
        }
    }

    private void Integer(long value)
    {
        value.TryFormat(bytes.GetSpan(20), out var written, default, CultureInfo.InvariantCulture);
        bytes.Advance(written);
    }

    private void Reference(PdfRef target)
    {
        Integer(target.Number);
        Raw(" "u8);
        Integer(target.Generation);
        Raw(" R"u8);
    }

    private void Placeholder(PdfPlaceholder placeholder)
    {
        Byte(placeholder.Open);
        bytes.GetSpan(placeholder.Width)[..placeholder.Width].Fill(placeholder.Fill);
        bytes.Advance(placeholder.Width);
        Byte(placeholder.Close);
    }

    private void Byte(byte value)
    {
        bytes.GetSpan(1)[0] = value;
        bytes.Advance(1);
    }

    private void Stream(PdfStream stream)
    {
        if (stream.DataOffset >= 0)
            throw new InvalidOperationException("A stream of the file is not copied; give it new data.");
        Dictionary(stream.Dictionary);
        Raw("stream\n"u8);
        Raw(stream.Data.Span);
        Raw("\nendstream"u8);
    }

    private void Array(PdfArray array)
    {
        Raw("["u8);
        for (var i = 0; i < array.Count; i++)
        {
            if (i > 0 && NeedsGap(array[i]))
                Raw(" "u8);
            Value(array[i]);
        }
        Raw("]"u8);
    }

    private void Dictionary(PdfDictionary dictionary)
    {
        Raw("<<"u8);
        foreach (var (key, value) in dictionary)
        {
            Name(key);
            if (NeedsGap(value))
                Raw(" "u8);
            Value(value);
        }
        Raw(">>"u8);
    }

    /// <summary>Whether the value must be kept apart from a regular character before it.</summary>
    private static bool NeedsGap(PdfObject value) => value is not (PdfName or PdfString or PdfArray or PdfDictionary or PdfStream or PdfPlaceholder);

    private void Name(string name)
    {
        Byte((byte)'/');
        foreach (var c in name)
        {
            if (c is > '!' and <= '~' && c != '#' && PdfChars.IsRegular((byte)c))
                Byte((byte)c);
            else
                Raw($"#{(int)c & 0xFF:X2}");
        }
    }

    private void String(PdfString value)
    {
        var data = value.Bytes.Span;
        if (value.Hex)
        {
            Raw("<" + Convert.ToHexString(data) + ">");
            return;
        }
        Raw("("u8);
        foreach (var c in data)
        {
            if (c is (byte)'(' or (byte)')' or (byte)'\\')
                Raw("\\"u8);
            if (c == 13)
                Raw("\\r"u8);
            else
                Byte(c);
        }
        Raw(")"u8);
    }
}

/// <summary>A value whose bytes are known only when the layout is: fixed width, filled in place.</summary>
/// <param name="open">The delimiter before it.</param>
/// <param name="fill">What it is made of meanwhile.</param>
/// <param name="width">How many of them.</param>
/// <param name="close">The delimiter after it.</param>
internal sealed class PdfPlaceholder(char open, char fill, int width, char close) : PdfObject
{
    public byte Open { get; } = (byte)open;

    public byte Fill { get; } = (byte)fill;

    public int Width { get; } = width;

    public byte Close { get; } = (byte)close;
}
