using System.Buffers.Binary;

namespace VanBanDienTu.Signing.Certificates;

/// <summary>
/// What was read from some bytes before, found again by comparing all of them, which costs a twentieth of hashing them. Each value has
/// one place, and a newcomer takes it: whoever has the bytes gets what follows from them alone, or nothing.
/// </summary>
/// <param name="bytesOf">The bytes that a value was read from.</param>
internal sealed class SameBytes<T>(Func<T, ReadOnlyMemory<byte>> bytesOf)
    where T : class
{
    private const int Places = 4096; // a power of two
    private const int Looks = 8;

    private readonly T?[] _places = new T?[Places];

    public T? Find(ReadOnlySpan<byte> bytes) =>
        Volatile.Read(ref _places[PlaceOf(bytes)]) is { } known && bytesOf(known).Span.SequenceEqual(bytes) ? known : null;

    public void Keep(T value) => Volatile.Write(ref _places[PlaceOf(bytesOf(value).Span)], value);

    // A few looks at equal distances: serial numbers, keys and signatures are as good as random, names are not.
    private static int PlaceOf(ReadOnlySpan<byte> bytes)
    {
        var hash = (ulong)bytes.Length;
        var step = bytes.Length / Looks;
        for (var at = 0; step > 0 && at + sizeof(ulong) <= bytes.Length; at += step)
            hash = unchecked(ulong.RotateLeft(hash ^ BinaryPrimitives.ReadUInt64LittleEndian(bytes[at..]), 23) * 0x9e3779b97f4a7c15);
        return (int)(hash >> 40) & (Places - 1);
    }
}
