using VanBanDienTu.Signing.Certificates;

namespace VanBanDienTu.Signing.Cms;

/// <summary>
/// One BER element, by its raw bytes. Signed PDFs of the world hold DER, BER with indefinite lengths, unsorted sets and
/// padded integers; this reader takes all of them, keeps every span as it was (digests are over raw bytes), and is
/// bounded: depth at most <see cref="MaxDepth"/>, so a hostile file costs at most MaxDepth passes over its own length.
/// </summary>
/// <remarks>Source: ITU-T X.690. System.Formats.Asn1 refuses much of what is found in the wild.</remarks>
internal readonly struct BerElement
{
    /// <summary>How deep elements may nest.</summary>
    public const int MaxDepth = 32;

    /// <summary>How many children one element may have.</summary>
    public const int MaxChildren = 100_000;

    private readonly int _headerLength;
    private readonly int _depth;

    private BerElement(ReadOnlyMemory<byte> raw, int headerLength, bool indefinite, int depth)
    {
        Raw = raw;
        _headerLength = headerLength;
        Indefinite = indefinite;
        _depth = depth;
    }

    /// <summary>Header, content and, when indefinite, the end-of-contents octets.</summary>
    public ReadOnlyMemory<byte> Raw { get; }

    /// <summary>True when the length is of the indefinite form.</summary>
    public bool Indefinite { get; }

    /// <summary>The identifier octet: class, constructed bit and tag number (low-tag-number form only).</summary>
    public byte Tag => Raw.Span[0];

    public bool Constructed => (Tag & 0x20) != 0;

    public ReadOnlyMemory<byte> Content =>
        Raw[_headerLength..(Indefinite ? Raw.Length - 2 : Raw.Length)];

    /// <summary>Reads the element at the start of <paramref name="data"/>; what follows it is left alone.</summary>
    /// <exception cref="SigningException"><see cref="SigningFault.CmsMalformed"/></exception>
    public static BerElement Read(ReadOnlyMemory<byte> data) => Read(data, 0);

    public static bool TryRead(ReadOnlyMemory<byte> data, out BerElement element)
    {
        try
        {
            element = Read(data);
            return true;
        }
        catch (SigningException)
        {
            element = default;
            return false;
        }
    }

    /// <summary>The elements inside a constructed one, in the order of the bytes.</summary>
    public List<BerElement> Children()
    {
        var rest = Content;
        var children = new List<BerElement>(4);
        while (!rest.IsEmpty)
        {
            if (children.Count == MaxChildren)
                throw Malformed("an element has too many children");
            var child = Read(rest, _depth + 1);
            children.Add(child);
            rest = rest[child.Raw.Length..];
        }
        return children;
    }

    /// <summary>
    /// The two elements inside, when there are exactly two of definite length; else false, and <see cref="Children"/> says what there is.
    /// </summary>
    public bool TryTwo(out BerElement first, out BerElement second)
    {
        second = default;
        var rest = Content;
        return TryDefinite(rest, _depth + 1, out first) && TryDefinite(rest[first.Raw.Length..], _depth + 1, out second)
            && first.Raw.Length + second.Raw.Length == rest.Length;
    }

    /// <summary>The first child, for EXPLICIT tags.</summary>
    public BerElement Only() => Read(Content, _depth + 1);

    /// <summary>The value of an OCTET STRING or of a context tag that stands for one: constructed pieces are joined.</summary>
    public ReadOnlyMemory<byte> OctetString()
    {
        if (!Constructed)
            return Content;
        using var joined = new MemoryStream();
        foreach (var piece in Children())
            joined.Write(piece.OctetString().Span);
        return joined.ToArray();
    }

    /// <summary>The dotted form of an OBJECT IDENTIFIER.</summary>
    public string Oid()
    {
        if (Tag != 0x06)
            throw Malformed("an object identifier was expected");
        return ObjectIdentifierText.Of(Content.Span) ?? throw Malformed("an object identifier is cut off or too long");
    }

    public void Expect(byte tag, string what)
    {
        if (Tag != tag)
            throw Malformed($"{what}: tag {tag:x2} was expected, found {Tag:x2}");
    }

    public static SigningException Malformed(string why) => new(SigningFault.CmsMalformed,
        $"The CMS structure cannot be read: {why}.", $"Không đọc được cấu trúc chữ ký CMS: {why}.");

    // Up to 64 KiB, which has a length of at most three bytes; anything else is left to Read.
    private static bool TryDefinite(ReadOnlyMemory<byte> data, int depth, out BerElement element)
    {
        element = default;
        var span = data.Span;
        if (depth > MaxDepth || span.Length < 2 || (span[0] & 0x1f) == 0x1f)
            return false;
        var (header, length) = span switch
        {
            [_, < 0x80, ..] => (2, (int)span[1]),
            [_, 0x81, _, ..] => (3, span[2]),
            [_, 0x82, _, _, ..] => (4, span[2] << 8 | span[3]),
            _ => (0, 0),
        };
        if (header == 0 || length > span.Length - header)
            return false;
        element = new BerElement(data[..(header + length)], header, indefinite: false, depth);
        return true;
    }

    private static BerElement Read(ReadOnlyMemory<byte> data, int depth)
    {
        if (depth > MaxDepth)
            throw Malformed($"elements nest deeper than {MaxDepth}");
        var span = data.Span;
        if (span.Length < 2)
            throw Malformed("it ends in the middle of an element");
        if ((span[0] & 0x1f) == 0x1f)
            throw Malformed("a high-tag-number form, which CMS never uses");
        if (span[1] == 0x80)
        {
            if ((span[0] & 0x20) == 0)
                throw Malformed("an indefinite length on a primitive element");
            return new BerElement(data[..EndOfIndefinite(data, depth)], 2, indefinite: true, depth);
        }
        var (header, length) = DefiniteLength(span);
        if (length > span.Length - header)
            throw Malformed("an element is longer than what contains it");
        return new BerElement(data[..(header + (int)length)], header, indefinite: false, depth);
    }

    private static (int Header, long Length) DefiniteLength(ReadOnlySpan<byte> span)
    {
        if (span[1] < 0x80)
            return (2, span[1]);
        var count = span[1] & 0x7f;
        if (count > 8 || span.Length < 2 + count)
            throw Malformed("a length of more than 8 bytes or cut off");
        ulong length = 0;
        for (var i = 0; i < count; i++)
            length = (length << 8) | span[2 + i];
        if (length > int.MaxValue)
            throw Malformed("an element is longer than what contains it");
        return (2 + count, (long)length);
    }

    private static int EndOfIndefinite(ReadOnlyMemory<byte> data, int depth)
    {
        var position = 2;
        while (true)
        {
            var rest = data[position..];
            if (rest.Length < 2)
                throw Malformed("an indefinite length has no end");
            if (rest.Span[0] == 0 && rest.Span[1] == 0)
                return position + 2;
            position += Read(rest, depth + 1).Raw.Length;
        }
    }
}
