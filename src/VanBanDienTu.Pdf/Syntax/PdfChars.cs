namespace VanBanDienTu.Pdf;

/// <summary>Character classes of PDF syntax (ISO 32000-2, 7.2.3).</summary>
internal static class PdfChars
{
    private static readonly bool[] Irregular = [.. Enumerable.Range(0, 256).Select(c => IsSpace((byte)c) || IsDelimiter((byte)c))];

    public static bool IsSpace(byte c) => c is 32 or 10 or 13 or 9 or 12 or 0;

    public static bool IsDelimiter(byte c) => c is (byte)'(' or (byte)')' or (byte)'<' or (byte)'>' or (byte)'[' or (byte)']' or (byte)'{' or (byte)'}' or (byte)'/' or (byte)'%';

    public static bool IsRegular(byte c) => !Irregular[c];

    public static bool IsDigit(byte c) => c is >= (byte)'0' and <= (byte)'9';

    /// <summary>The value of a hexadecimal digit, or -1.</summary>
    public static int Hex(byte c) => c switch
    {
        >= (byte)'0' and <= (byte)'9' => c - '0',
        >= (byte)'a' and <= (byte)'f' => c - 'a' + 10,
        >= (byte)'A' and <= (byte)'F' => c - 'A' + 10,
        _ => -1,
    };
}
