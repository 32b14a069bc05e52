using System.Text;

namespace VanBanDienTu.Cli.Bench;

/// <summary>Bends bytes by a seed: the same seed and the same input give the same bytes, in every run and on every machine.</summary>
internal sealed class Bender(int seed)
{
    private static readonly byte[][] Words =
    [
        .. new[]
        {
            "/Prev 0", "/Kids", "/Parent", "/Length 99999999", "/Size 2147483647", "/W[8 8 8]", "/Index[0 99999999]", "/Filter/FlateDecode", "/DecodeParms<</Predictor 15/Columns 999999999>>",
            "/ByteRange[0 1 2 3]", "/Contents<30>", "/Type/ObjStm", "/N 99999", "/First 1", "/XRefStm 0", "/Encrypt", "startxref\n0\n%%EOF", "trailer<<>>", "1 0 obj", "endobj", "stream\n", "endstream",
            "<<", ">>", "[", "]", "(", "9999999999", "-1", "1 0 R", "65535 f", "/AcroForm", "/Fields[1 0 R]", "/DSS", "/V 1 0 R", "/Root 1 0 R", "/Extends 1 0 R",
        }.Select(Encoding.Latin1.GetBytes),
    ];

    private readonly Random random = new(seed);

    public int Next(int below) => random.Next(below);

    /// <summary>A file: its bytes, its structure, or the signature values inside it.</summary>
    public byte[] Pdf(byte[] original, byte[] other)
    {
        var bent = new List<byte>(original);
        for (var i = random.Next(1, 6); i > 0 && bent.Count > 0; i--)
        {
            switch (random.Next(10))
            {
                case 0:
                    InsertFrom(bent, other); // a part of another document
                    break;
                case 1:
                    Cut(bent);
                    break;
                case 2:
                    bent.AddRange(original.AsSpan(random.Next(original.Length))); // the end once more
                    break;
                case 3 or 4:
                    Overwrite(bent, Words[random.Next(Words.Length)]);
                    break;
                case 5 or 6:
                    BendContents(bent);
                    break;
                case 7:
                    Digit(bent);
                    break;
                default:
                    bent[random.Next(bent.Count)] = (byte)random.Next(256);
                    break;
            }
        }
        return [.. bent];
    }

    /// <summary>DER: tags, lengths and content octets, mostly near the start, where the structure is.</summary>
    public byte[] Der(ReadOnlySpan<byte> original)
    {
        var bent = original.ToArray().ToList();
        for (var i = random.Next(1, 5); i > 0 && bent.Count > 1; i--)
        {
            var at = (int)(bent.Count * Math.Pow(random.NextDouble(), 3));
            switch (random.Next(6))
            {
                case 0:
                    bent.RemoveRange(at, Math.Min(random.Next(1, 30), bent.Count - at));
                    break;
                case 1:
                    bent.InsertRange(at, bent.GetRange(at, Math.Min(random.Next(1, 60), bent.Count - at)));
                    break;
                case 2:
                    bent[at] = (byte)(random.Next(2) == 0 ? 0x80 : 0xff);
                    break;
                case 3:
                    bent.InsertRange(at, Enumerable.Repeat((byte)0x30, random.Next(1, 300)).SelectMany(b => new[] { b, (byte)0x80 })); // depth
                    break;
                default:
                    bent[at] = (byte)random.Next(256);
                    break;
            }
        }
        return [.. bent];
    }

    private void InsertFrom(List<byte> bent, byte[] other)
    {
        var from = random.Next(other.Length);
        bent.InsertRange(random.Next(bent.Count), other.AsSpan(from, Math.Min(random.Next(1, 6000), other.Length - from)).ToArray());
    }

    private void Cut(List<byte> bent)
    {
        var at = random.Next(bent.Count);
        bent.RemoveRange(at, Math.Min(random.Next(1, 2000), bent.Count - at));
    }

    private void Overwrite(List<byte> bent, byte[] word)
    {
        var at = random.Next(bent.Count);
        for (var k = 0; k < word.Length && at + k < bent.Count; k++)
            bent[at + k] = word[k];
    }

    // Offsets, counts and object numbers are what structure hangs on.
    private void Digit(List<byte> bent)
    {
        var at = bent.FindIndex(random.Next(bent.Count), c => c is >= (byte)'0' and <= (byte)'9');
        if (at >= 0)
            bent[at] = (byte)('0' + random.Next(10));
    }

    // A signature value in place, so that the gate before cryptography still lets it through.
    private void BendContents(List<byte> bent)
    {
        var all = bent.ToArray();
        var at = all.AsSpan().IndexOf("/Contents"u8);
        var start = at < 0 ? -1 : all.AsSpan(at).IndexOf((byte)'<');
        var length = start < 0 ? -1 : all.AsSpan(at + start).IndexOf((byte)'>');
        if (length < 20)
            return;
        for (var i = random.Next(1, 5); i > 0; i--)
        {
            var place = at + start + 1 + (int)((length - 1) * Math.Pow(random.NextDouble(), 3));
            bent[place] = (byte)"0123456789abcdef"[random.Next(16)];
        }
    }
}
