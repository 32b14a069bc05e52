using System.Globalization;
using System.Text;

namespace VanBanDienTu.Signing.Cms;

/// <summary>What a timestamp token says: the digest that it stamps, and when. Nothing is verified here.</summary>
/// <remarks>Source: RFC 3161, TSTInfo.</remarks>
internal sealed record TimestampInfo(string ImprintOid, ReadOnlyMemory<byte> Imprint, DateTimeOffset Time)
{
    /// <summary>Reads the TSTInfo inside a token.</summary>
    /// <exception cref="SigningException"><see cref="SigningFault.CmsMalformed"/>.</exception>
    public static TimestampInfo Read(CmsSignedData token)
    {
        if (!string.Equals(token.ContentType, Oids.TstInfo, StringComparison.Ordinal) || token.Content is not { } content)
            throw BerElement.Malformed("a timestamp token holds no TSTInfo");
        var parts = BerElement.Read(content).Children();
        if (parts.Count < 5)
            throw BerElement.Malformed("a TSTInfo has fewer than five parts");
        var imprint = parts[2].Children();
        if (imprint.Count != 2)
            throw BerElement.Malformed("a timestamp's message imprint is not an algorithm and a digest");
        return new TimestampInfo(CmsAlgorithm.Read(imprint[0]).Oid, imprint[1].OctetString(), ReadTime(parts[4]));
    }

    private static DateTimeOffset ReadTime(BerElement element)
    {
        var text = Encoding.ASCII.GetString(element.Content.Span);
        return DateTimeOffset.TryParseExact(text, ["yyyyMMddHHmmss'Z'", "yyyyMMddHHmmss.FFFFFFF'Z'"], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time
            : throw BerElement.Malformed("a timestamp's time cannot be read");
    }
}
