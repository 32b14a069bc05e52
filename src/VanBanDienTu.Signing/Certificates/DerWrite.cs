using System.Formats.Asn1;

namespace VanBanDienTu.Signing.Certificates;

/// <summary>What several writers of DER here need.</summary>
internal static class DerWrite
{
    public static void Algorithm(AsnWriter writer, string oid, bool withNull)
    {
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier(oid);
            if (withNull)
                writer.WriteNull();
        }
    }

    /// <summary>An INTEGER from content octets as they were read, padded or not.</summary>
    public static void RawInteger(AsnWriter writer, ReadOnlySpan<byte> content)
    {
        // Minimal form when it can be had; a padded serial is written back as it was.
        var raw = new List<byte> { DerReader.Integer };
        if (content.Length < 0x80)
            raw.Add((byte)content.Length);
        else
            raw.AddRange([0x81, (byte)content.Length]);
        raw.AddRange(content);
        writer.WriteEncodedValue([.. raw]);
    }
}
