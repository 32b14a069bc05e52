namespace VanBanDienTu.Signing.Certificates;

/// <summary>The SEQUENCE of r and s of DSA and ECDSA signatures, as the fixed-width pair that .NET takes.</summary>
internal static class TwoIntegers
{
    /// <summary>False when the signature is not two non-negative integers of at most <paramref name="width"/> bytes.</summary>
    public static bool TryFixed(ReadOnlySpan<byte> signature, int width, out byte[] pair)
    {
        pair = new byte[width * 2];
        try
        {
            var whole = new DerReader(signature.ToArray(), "certificate");
            var sequence = whole.Enter(DerReader.Sequence);
            return whole.AtEnd
                && Place(sequence.Read(DerReader.Integer).Span, pair.AsSpan(0, width))
                && Place(sequence.Read(DerReader.Integer).Span, pair.AsSpan(width))
                && sequence.AtEnd;
        }
        catch (SigningException)
        {
            return false;
        }
    }

    private static bool Place(ReadOnlySpan<byte> number, Span<byte> into)
    {
        if (number.IsEmpty || (number[0] & 0x80) != 0)
            return false;
        var trimmed = number.TrimStart((byte)0);
        if (trimmed.Length > into.Length)
            return false;
        trimmed.CopyTo(into[^trimmed.Length..]);
        return true;
    }
}
