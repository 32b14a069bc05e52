using System.Numerics;
using System.Runtime.InteropServices;

namespace VanBanDienTu.Relay.Payloads;

/// <summary>CRC-32C (Castagnoli): notices a chunk that was damaged on its way or on a disk; against people there is SHA-256.</summary>
/// <remarks>Source: RFC 3720, appendix B.4 (its vectors are in the tests).</remarks>
public static class Crc32C
{
    /// <param name="before">The sum of what came before these bytes.</param>
    public static uint Of(ReadOnlySpan<byte> bytes, uint before = 0)
    {
        var crc = ~before;
        var words = MemoryMarshal.Cast<byte, ulong>(bytes);
        foreach (var word in words)
            crc = BitOperations.Crc32C(crc, word);
        foreach (var rest in bytes[(words.Length * sizeof(ulong))..])
            crc = BitOperations.Crc32C(crc, rest);
        return ~crc;
    }
}
