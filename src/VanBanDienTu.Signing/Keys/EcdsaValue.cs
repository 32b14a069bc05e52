using System.Formats.Asn1;

namespace VanBanDienTu.Signing.Keys;

/// <summary>ECDSA values as tokens and some services give them: r and s side by side, each as long as the curve's order.</summary>
internal static class EcdsaValue
{
    /// <summary>SEQUENCE { r, s }, as CMS holds it.</summary>
    public static byte[] ToDer(ReadOnlySpan<byte> sideBySide)
    {
        var half = sideBySide.Length / 2;
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteIntegerUnsigned(Trimmed(sideBySide[..half]));
            writer.WriteIntegerUnsigned(Trimmed(sideBySide[half..]));
        }
        return writer.Encode();
    }

    private static ReadOnlySpan<byte> Trimmed(ReadOnlySpan<byte> number)
    {
        while (number.Length > 1 && number[0] == 0)
            number = number[1..];
        return number;
    }
}
