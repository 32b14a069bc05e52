using System.Globalization;
using System.Numerics;

namespace VanBanDienTu.Signing.Certificates;

/// <summary>
/// Walks the elements of a DER structure without copying. Tolerant where old authorities are careless (padded integers,
/// lengths in a longer form than needed, any string type) and strict about everything that costs: definite lengths only,
/// nesting at most <see cref="MaxDepth"/>.
/// </summary>
/// <remarks>Source: ITU-T X.690. System.Formats.Asn1 refuses padded integers and odd strings that exist in the wild.</remarks>
internal struct DerReader
{
    /// <summary>How deep elements may nest.</summary>
    public const int MaxDepth = 32;

    public const byte Boolean = 0x01;
    public const byte Integer = 0x02;
    public const byte BitString = 0x03;
    public const byte OctetString = 0x04;
    public const byte ObjectIdentifier = 0x06;
    public const byte Enumerated = 0x0a;
    public const byte UtcTime = 0x17;
    public const byte GeneralizedTime = 0x18;
    public const byte Sequence = 0x30;
    public const byte Set = 0x31;

    private readonly string _what;
    private readonly int _depth;
    private ReadOnlyMemory<byte> _rest;

    /// <param name="data">The bytes of one or more elements.</param>
    /// <param name="what">What is being read, for the error sentence: «certificate», «OCSP response».</param>
    public DerReader(ReadOnlyMemory<byte> data, string what)
        : this(data, what, 0)
    {
    }

    private DerReader(ReadOnlyMemory<byte> data, string what, int depth)
    {
        if (depth > MaxDepth)
            throw Malformed(what, $"elements nest deeper than {MaxDepth}");
        _rest = data;
        _what = what;
        _depth = depth;
    }

    /// <summary>True when nothing is left.</summary>
    public readonly bool AtEnd => _rest.IsEmpty;

    /// <summary>What is left, unread.</summary>
    public readonly ReadOnlyMemory<byte> Rest => _rest;

    /// <summary>The identifier octet of the next element; 0 at the end.</summary>
    public readonly byte Tag => _rest.IsEmpty ? (byte)0 : _rest.Span[0];

    /// <summary>The next element with its header.</summary>
    public ReadOnlyMemory<byte> ReadRaw()
    {
        var (header, length) = Header();
        var raw = _rest[..(header + length)];
        _rest = _rest[(header + length)..];
        return raw;
    }

    /// <summary>The content of the next element, which must have this tag.</summary>
    public ReadOnlyMemory<byte> Read(byte tag)
    {
        if (Tag != tag || _rest.IsEmpty)
            throw Malformed(_what, $"tag {tag:x2} was expected, found {(_rest.IsEmpty ? "the end" : Tag.ToString("x2", CultureInfo.InvariantCulture))}");
        var (header, length) = Header();
        var content = _rest.Slice(header, length);
        _rest = _rest[(header + length)..];
        return content;
    }

    /// <summary>A reader over the content of the next element, which must have this tag.</summary>
    public DerReader Enter(byte tag) => new(Read(tag), _what, _depth + 1);

    /// <summary>Like <see cref="Enter"/> when the next element has this tag; else reads nothing.</summary>
    public bool TryEnter(byte tag, out DerReader inside)
    {
        if (Tag == tag && !_rest.IsEmpty)
        {
            inside = Enter(tag);
            return true;
        }
        inside = default;
        return false;
    }

    /// <summary>Passes over the next element when it has this tag.</summary>
    public bool Skip(byte tag)
    {
        if (Tag != tag || _rest.IsEmpty)
            return false;
        ReadRaw();
        return true;
    }

    public string ReadOid() =>
        ObjectIdentifierText.Of(Read(ObjectIdentifier).Span) ?? throw Malformed(_what, "an object identifier is cut off or too long");

    public bool ReadBoolean()
    {
        var content = Read(Boolean).Span;
        return content.Length == 1 ? content[0] != 0 : throw Malformed(_what, "a boolean is not one byte");
    }

    /// <summary>An integer that fits; larger ones are malformed where this is called (versions, path lengths).</summary>
    public int ReadSmallInteger(byte tag = Integer)
    {
        var content = Read(tag).Span;
        if (content.Length == 1)
            return unchecked((sbyte)content[0]);
        var value = new BigInteger(content, isUnsigned: false, isBigEndian: true);
        return value >= int.MinValue && value <= int.MaxValue ? (int)value : throw Malformed(_what, "an integer is too large");
    }

    /// <summary>The bits of a BIT STRING that counts in whole bytes: keys and signatures.</summary>
    public ReadOnlyMemory<byte> ReadBitString(byte tag = BitString)
    {
        var content = Read(tag);
        if (content.IsEmpty || content.Span[0] != 0)
            throw Malformed(_what, "a key or signature is not a whole number of bytes");
        return content[1..];
    }

    /// <summary>UTCTime or GeneralizedTime; RFC 5280 wants Z, offsets are read too.</summary>
    public DateTimeOffset ReadTime()
    {
        var tag = Tag;
        if (tag is not (UtcTime or GeneralizedTime))
            throw Malformed(_what, "a time was expected");
        return DerTime.Parse(Read(tag).Span, tag == UtcTime)
            ?? throw Malformed(_what, "a time cannot be read");
    }

    public readonly void End()
    {
        if (!_rest.IsEmpty)
            throw Malformed(_what, "bytes are left over at the end of an element");
    }

    public readonly SigningException Malformed(string why) => Malformed(_what, why);

    public static SigningException Malformed(string what, string why) => new(SigningFault.CertificateMalformed,
        $"The {what} cannot be read: {why}.", $"Không đọc được {Vietnamese(what)}: {why}.");

    private readonly (int Header, int Length) Header()
    {
        var span = _rest.Span;
        if (span.Length < 2)
            throw Malformed(_what, "it ends in the middle of an element");
        if ((span[0] & 0x1f) == 0x1f)
            throw Malformed(_what, "a tag number above 30");
        if (span[1] < 0x80)
            return Within(2, span[1], span.Length);
        var count = span[1] & 0x7f;
        if (count is 0 or > 8 || span.Length < 2 + count)
            throw Malformed(_what, count == 0 ? "an indefinite length, which DER forbids" : "a length that is too long or cut off");
        ulong length = 0;
        for (var i = 0; i < count; i++)
            length = (length << 8) | span[2 + i];
        return length <= int.MaxValue - 16
            ? Within(2 + count, (int)length, span.Length)
            : throw Malformed(_what, "an element is longer than what contains it");
    }

    private readonly (int, int) Within(int header, int length, int available) =>
        length <= available - header
            ? (header, length)
            : throw Malformed(_what, "an element is longer than what contains it");

    private static string Vietnamese(string what) => what switch
    {
        "certificate" => "chứng thư số",
        "OCSP response" => "phản hồi OCSP",
        "OCSP request" => "yêu cầu OCSP",
        "CRL" => "danh sách thu hồi (CRL)",
        "timestamp" => "dấu thời gian",
        "timestamp request" => "yêu cầu cấp dấu thời gian",
        _ => what,
    };
}
