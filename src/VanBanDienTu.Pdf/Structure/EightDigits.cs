namespace VanBanDienTu.Pdf;

/// <summary>Eight decimal digits in one word, the first in its lowest byte: a long cross-reference is nothing but such digits.</summary>
internal static class EightDigits
{
    /// <summary>What eight characters <c>0</c> are; taken off by XOR before anything else is asked here.</summary>
    public const ulong Zeros = 0x3030303030303030;

    /// <summary>The high bit of each byte that is no digit.</summary>
    public static ulong Others(ulong digits) => (digits | unchecked((digits & 0x7F7F7F7F7F7F7F7F) + 0x7676767676767676)) & 0x8080808080808080;

    /// <summary>Their value, if all are digits.</summary>
    public static long Value(ulong digits)
    {
        unchecked
        {
            digits = digits * 10 + (digits >> 8); // pairs, then fours, then eight
            return (long)(((digits & 0x000000FF000000FF) * 0x000F424000000064 + ((digits >> 16) & 0x000000FF000000FF) * 0x0000271000000001) >> 32);
        }
    }
}
