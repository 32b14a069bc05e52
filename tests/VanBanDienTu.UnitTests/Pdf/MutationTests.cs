using VanBanDienTu.Pdf;

namespace VanBanDienTu.UnitTests.Pdf;

/// <summary>Bent files: whatever is done to the bytes, the answer is a reading or a <see cref="PdfException"/>, soon and in little memory.</summary>
public sealed class MutationTests
{
    private const int Rounds = 6;
    private const int LargestFile = 200_000;
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);
    private static readonly byte[][] Words = ["/Prev"u8.ToArray(), "/Kids"u8.ToArray(), "/Length"u8.ToArray(), "obj"u8.ToArray(), "<<"u8.ToArray(), "["u8.ToArray(), "9999999999"u8.ToArray(), "0 R"u8.ToArray(), "/W"u8.ToArray(), "stream"u8.ToArray()];

    [Fact]
    public void A_bent_file_never_crashes_or_hangs_the_reader()
    {
        foreach (var corpus in CorpusFile.All)
        {
            var original = File.ReadAllBytes(corpus.Path);
            if (original.Length > LargestFile)
                continue;
            var random = new Random(corpus.Name.Length * 7919); // the same bends in every run
            for (var round = 0; round < Rounds; round++)
            {
                var bent = Bend(original, random);
                var started = ThreadClock.Now;
                try
                {
                    using var file = PdfFileTests.Open(bent);
                    _ = CorpusFile.Judge(file);
                }
                catch (PdfException)
                {
                    // A named refusal is a good answer.
                }
                catch (Exception e)
                {
                    Assert.Fail($"{corpus.Name}, round {round}: {e}");
                }
                Assert.True(ThreadClock.Now - started < Longest, $"{corpus.Name}, round {round} took too long");
            }
        }
    }

    private static byte[] Bend(byte[] original, Random random)
    {
        var bent = original.ToList();
        for (var i = random.Next(1, 6); i > 0; i--)
        {
            var at = random.Next(bent.Count);
            switch (random.Next(5))
            {
                case 0:
                    bent[at] = (byte)random.Next(256);
                    break;
                case 1:
                    bent.RemoveRange(at, Math.Min(random.Next(1, 200), bent.Count - at));
                    break;
                case 2:
                    bent.InsertRange(at, original.AsSpan(random.Next(original.Length)).ToArray().Take(random.Next(1, 400)));
                    break;
                case 3:
                    var word = Words[random.Next(Words.Length)];
                    for (var k = 0; k < word.Length && at + k < bent.Count; k++)
                        bent[at + k] = word[k];
                    break;
                default:
                    // Another digit somewhere near: offsets, counts and object numbers are what structure hangs on.
                    var digit = bent.FindIndex(at, c => c is >= (byte)'0' and <= (byte)'9');
                    if (digit >= 0)
                        bent[digit] = (byte)('0' + random.Next(10));
                    break;
            }
            if (bent.Count == 0)
                bent.Add(0);
        }
        return bent.ToArray();
    }
}
