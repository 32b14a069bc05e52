namespace VanBanDienTu.TestKit.PowerCuts;

/// <summary>The contents of one file; what nobody wrote is zero.</summary>
internal sealed class DiskBytes
{
    private byte[] bytes = [];

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Span => bytes.AsSpan(0, Length);

    public void Write(long at, ReadOnlySpan<byte> data)
    {
        SetLength(Math.Max(Length, at + data.Length));
        data.CopyTo(bytes.AsSpan((int)at));
    }

    public void SetLength(long length)
    {
        if (length > bytes.Length)
            Array.Resize(ref bytes, (int)Math.Max(length, Math.Min(2L * bytes.Length, Array.MaxLength)));
        if (length < Length)
            bytes.AsSpan((int)length, Length - (int)length).Clear();
        Length = (int)length;
    }

    public DiskBytes Copy() => new() { bytes = Span.ToArray(), Length = Length };
}
