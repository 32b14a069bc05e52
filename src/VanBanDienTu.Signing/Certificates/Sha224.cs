using System.Buffers.Binary;
using System.Numerics;

namespace VanBanDienTu.Signing.Certificates;

/// <summary>SHA-224: SHA-256 from other initial values, cut to 28 bytes. Rare, so plain; .NET does not have it.</summary>
/// <remarks>Source: FIPS 180-4 sections 5.3.2 and 6.3.</remarks>
internal static class Sha224
{
    private static readonly uint[] RoundConstants = FractionsOfPrimeRoots(64);

    public static byte[] HashData(ReadOnlySpan<byte> data)
    {
        Span<uint> state =
        [
            0xc1059ed8, 0x367cd507, 0x3070dd17, 0xf70e5939, 0xffc00b31, 0x68581511, 0x64f98fa7, 0xbefa4fa4,
        ];
        var rest = data;
        for (; rest.Length >= 64; rest = rest[64..])
            Compress(state, rest[..64]);

        Span<byte> tail = stackalloc byte[128];
        tail.Clear();
        rest.CopyTo(tail);
        tail[rest.Length] = 0x80;
        var end = rest.Length < 56 ? 64 : 128;
        BinaryPrimitives.WriteInt64BigEndian(tail[(end - 8)..end], (long)data.Length * 8);
        Compress(state, tail[..64]);
        if (end == 128)
            Compress(state, tail[64..]);

        var hash = new byte[28];
        for (var i = 0; i < 7; i++)
            BinaryPrimitives.WriteUInt32BigEndian(hash.AsSpan(i * 4), state[i]);
        return hash;
    }

    private static void Compress(Span<uint> state, ReadOnlySpan<byte> block)
    {
        unchecked
        {
            Span<uint> w = stackalloc uint[64];
            for (var i = 0; i < 16; i++)
                w[i] = BinaryPrimitives.ReadUInt32BigEndian(block[(i * 4)..]);
            for (var i = 16; i < 64; i++)
            {
                var s0 = BitOperations.RotateRight(w[i - 15], 7) ^ BitOperations.RotateRight(w[i - 15], 18) ^ (w[i - 15] >> 3);
                var s1 = BitOperations.RotateRight(w[i - 2], 17) ^ BitOperations.RotateRight(w[i - 2], 19) ^ (w[i - 2] >> 10);
                w[i] = w[i - 16] + s0 + w[i - 7] + s1;
            }
            Span<uint> v = stackalloc uint[8];
            state.CopyTo(v);
            for (var i = 0; i < 64; i++)
            {
                var s1 = BitOperations.RotateRight(v[4], 6) ^ BitOperations.RotateRight(v[4], 11) ^ BitOperations.RotateRight(v[4], 25);
                var choice = (v[4] & v[5]) ^ (~v[4] & v[6]);
                var t1 = v[7] + s1 + choice + RoundConstants[i] + w[i];
                var s0 = BitOperations.RotateRight(v[0], 2) ^ BitOperations.RotateRight(v[0], 13) ^ BitOperations.RotateRight(v[0], 22);
                var majority = (v[0] & v[1]) ^ (v[0] & v[2]) ^ (v[1] & v[2]);
                for (var j = 7; j > 0; j--)
                    v[j] = v[j - 1];
                v[4] += t1;
                v[0] = t1 + s0 + majority;
            }
            for (var i = 0; i < 8; i++)
                state[i] += v[i];
        }
    }

    // The first 32 bits of the fractional parts of the cube roots of the first primes, computed exactly with integers.
    private static uint[] FractionsOfPrimeRoots(int count)
    {
        var constants = new uint[count];
        for (int i = 0, candidate = 2; i < count; candidate++)
        {
            if (Enumerable.Range(2, Math.Max(0, (int)Math.Sqrt(candidate) - 1)).Any(d => candidate % d == 0))
                continue;
            constants[i++] = (uint)(CubeRoot(new BigInteger(candidate) << 96) & uint.MaxValue);
        }
        return constants;
    }

    private static BigInteger CubeRoot(BigInteger value)
    {
        BigInteger low = 0, high = BigInteger.One << 40;
        while (high - low > 1)
        {
            var middle = (low + high) >> 1;
            if (middle * middle * middle <= value)
                low = middle;
            else
                high = middle;
        }
        return low;
    }
}
