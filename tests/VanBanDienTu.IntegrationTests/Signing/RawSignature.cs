using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace VanBanDienTu.IntegrationTests.Signing;

/// <summary>A signature found in the bytes of a file by the look of them, without any PDF reader: what encryption and object streams must leave alone.</summary>
internal sealed partial record RawSignature(bool IsTimestamp, byte[] Der, byte[] Covered)
{
    /// <summary>In the order of the file.</summary>
    public static IReadOnlyList<RawSignature> All(string path)
    {
        var bytes = File.ReadAllBytes(path);
        var text = Encoding.Latin1.GetString(bytes);
        return [.. Range().Matches(text).Select(m =>
        {
            var n = Enumerable.Range(1, 3).Select(i => int.Parse(m.Groups[i].Value, CultureInfo.InvariantCulture)).ToArray();
            var before = text[text.LastIndexOf(" obj", m.Index, StringComparison.Ordinal)..m.Index];
            var padded = Convert.FromHexString(text.AsSpan(n[0] + 1, n[1] - n[0] - 2));
            return new RawSignature(before.Contains("/ETSI.RFC3161", StringComparison.Ordinal), Whole(padded), [.. bytes.AsSpan(0, n[0]), .. bytes.AsSpan(n[1], n[2])]);
        })];
    }

    // The outer SEQUENCE of our own output has a length of two bytes (or three).
    private static byte[] Whole(byte[] padded)
    {
        var digits = padded[1] & 0x7F;
        var length = padded.AsSpan(2, digits).ToArray().Aggregate(0, (sum, b) => sum * 256 + b);
        return padded[..(2 + digits + length)];
    }

    [GeneratedRegex(@"/ByteRange ?\[0 (?<gap>\d+) (?<rest>\d+) (?<length>\d+) *\]", RegexOptions.ExplicitCapture, 5000)]
    private static partial Regex Range();
}
