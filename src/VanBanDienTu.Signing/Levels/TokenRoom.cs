namespace VanBanDienTu.Signing.Levels;

/// <summary>How many bytes to reserve for a timestamp token: known only once one was seen, so it grows when one did not fit.</summary>
internal sealed class TokenRoom
{
    private const int Usual = 12 * 1024;
    public const int Largest = 256 * 1024;

    private volatile int _bytes = Usual;

    public int Bytes => _bytes;

    /// <summary>A token of that length did not fit: from now on there is room for it.</summary>
    /// <exception cref="SigningException"><see cref="SigningFault.SignatureTooLarge"/>: no honest token is that long.</exception>
    public void GrowFor(int length)
    {
        if (length > Largest)
            throw new SigningException(SigningFault.SignatureTooLarge,
                $"The timestamp token has {length} bytes; at most {Largest} are accepted.", $"Dấu thời gian dài {length} byte; chỉ nhận tối đa {Largest} byte.");
        _bytes = Math.Max(_bytes, length + length / 8);
    }
}
