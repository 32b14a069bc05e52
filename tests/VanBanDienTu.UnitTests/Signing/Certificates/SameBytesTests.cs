using VanBanDienTu.Signing.Certificates;

namespace VanBanDienTu.UnitTests.Signing.Certificates;

public sealed class SameBytesTests
{
    private readonly SameBytes<byte[]> _kept = new(bytes => bytes);

    [Fact]
    public void A_value_is_found_by_the_same_bytes_and_not_when_any_one_of_them_differs()
    {
        var bytes = new byte[1500];
        new Random(11).NextBytes(bytes);
        _kept.Keep(bytes);

        Assert.Same(bytes, _kept.Find([.. bytes]));
        for (var at = 0; at < bytes.Length; at++)
        {
            byte[] other = [.. bytes];
            other[at] ^= 1; // most of these have the place of the first
            Assert.Null(_kept.Find(other));
        }
        Assert.Null(_kept.Find(bytes.AsSpan(..^1)));
    }

    [Fact]
    public void A_newcomer_of_the_same_place_takes_it_and_neither_is_taken_for_the_other()
    {
        byte[] first = new byte[100], second = new byte[100];
        second[99] = 1; // not among the bytes that choose the place
        _kept.Keep(first);
        _kept.Keep(second);

        Assert.Same(second, _kept.Find(new ReadOnlySpan<byte>([.. second])));
        Assert.Null(_kept.Find(first));
    }
}
