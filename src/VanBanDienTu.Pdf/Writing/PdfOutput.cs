using System.Globalization;
using System.Text;

namespace VanBanDienTu.Pdf;

/// <summary>Writes PDF syntax, sparing of bytes.</summary>
internal sealed class PdfOutput
{
    private readonly MemoryStream bytes = new();

    /// <summary>Set while a signature dictionary is written: where its placeholders stand.</summary>
    public Dictionary<PdfPlaceholder, PdfSpan> Placeholders { get; } = [];

    public long Length => bytes.Length;

    public byte[] ToArray() => bytes.ToArray();

    public void Raw(string ascii) => bytes.Write(Encoding.Latin1.GetBytes(ascii));

    public void Raw(ReadOnlySpan<byte> data) => bytes.Write(data);

    public void Value(PdfObject value)
    {
        switch (value)
        {
            case PdfNull: Raw("null"); break;
            case PdfBoolean b: Raw(b.Value ? "true" : "false"); break;
            case PdfInteger i: Raw(i.Value.ToString(CultureInfo.InvariantCulture)); break;
            case PdfReal r: Raw(r.Digits); break;
            case PdfName n: Name(n.Value); break;
            case PdfString s: String(s); break;
            case PdfReference r: Raw(string.Create(CultureInfo.InvariantCulture, $"{r.Target.Number} {r.Target.Generation} R")); break;
            case PdfArray a: Array(a); break;
            case PdfDictionary d: Dictionary(d); break;
            case PdfStream s: Stream(s); break;
            case PdfPlaceholder p:
                var start = Length;
                Raw(p.Initial);
                Placeholders[p] = new PdfSpan(start, Length);
                break;
            default: throw new InvalidOperationException($"{value.GetType().Name} has no written form.");
        }
    }

    private void Stream(PdfStream stream)
    {
        if (stream.DataOffset >= 0)
            throw new InvalidOperationException("A stream of the file is not copied; give it new data.");
        Dictionary(stream.Dictionary);
        Raw("stream\n");
        Raw(stream.Data.Span);
        Raw("\nendstream");
    }

    private void Array(PdfArray array)
    {
        Raw("[");
        for (var i = 0; i < array.Count; i++)
        {
            if (i > 0 && NeedsGap(array[i]))
                Raw(" ");
            Value(array[i]);
        }
        Raw("]");
    }

    private void Dictionary(PdfDictionary dictionary)
    {
        Raw("<<");
        foreach (var (key, value) in dictionary)
        {
            Name(key);
            if (NeedsGap(value))
                Raw(" ");
            Value(value);
        }
        Raw(">>");
    }

    /// <summary>Whether the value must be kept apart from a regular character before it.</summary>
    private static bool NeedsGap(PdfObject value) => value is not (PdfName or PdfString or PdfArray or PdfDictionary or PdfStream or PdfPlaceholder);

    private void Name(string name)
    {
        var text = new StringBuilder("/");
        foreach (var c in name)
        {
            if (c is > '!' and <= '~' && c != '#' && PdfChars.IsRegular((byte)c))
                text.Append(c);
            else
                text.Append('#').Append(((int)c & 0xFF).ToString("X2", CultureInfo.InvariantCulture));
        }
        Raw(text.ToString());
    }

    private void String(PdfString value)
    {
        var data = value.Bytes.Span;
        if (value.Hex)
        {
            Raw("<" + Convert.ToHexString(data) + ">");
            return;
        }
        Raw("(");
        foreach (var c in data)
        {
            if (c is (byte)'(' or (byte)')' or (byte)'\\')
                Raw("\\");
            if (c == 13)
                Raw("\\r");
            else
                bytes.WriteByte(c);
        }
        Raw(")");
    }
}

/// <summary>A value whose bytes are known only when the layout is: fixed width, filled in place.</summary>
internal sealed class PdfPlaceholder(string initial) : PdfObject
{
    public string Initial { get; } = initial;
}
