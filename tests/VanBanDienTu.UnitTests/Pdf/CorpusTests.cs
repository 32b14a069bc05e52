using VanBanDienTu.Pdf;

namespace VanBanDienTu.UnitTests.Pdf;

public sealed class CorpusTests
{
    /// <summary>Its forgery is in the signature value, which structure cannot see: /Contents holds no CMS.</summary>
    private const string NoCms = "pyhanko/base.pdf";

    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    public static TheoryData<string, string> Files => [.. CorpusFile.All.Select(f => (f.Name, f.Class))];

    [Theory]
    [MemberData(nameof(Files))]
    public void Every_file_is_judged_as_its_class_says(string name, string kind)
    {
        var started = ThreadClock.Now;
        var (green, suspicious, reasons) = Open(new CorpusFile(name, kind));
        Assert.True(ThreadClock.Now - started < Longest, "too slow");
        switch (kind[0])
        {
            case 'A' or 'B':
            case 'X' when kind == "X_ONLY_PYHANKO_SUSPICIOUS":
                Assert.True(green, reasons);
                break;
            case 'C':
                Assert.True(suspicious, reasons);
                break;
            case 'E' when name != NoCms:
            case 'F':
                Assert.False(green, reasons);
                break;
            case 'G':
                Assert.Equal(nameof(PdfFault.Encrypted), reasons);
                break;
            default:
                break; // D and H are questions for cryptography; disputed files are not scored. They were read without a crash.
        }
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Every_honest_file_can_be_signed_once_more_and_earlier_signatures_stay(string name, string kind)
    {
        if (kind[0] is not ('A' or 'B'))
            return;
        var pdf = File.ReadAllBytes(new CorpusFile(name, kind).Path);
        byte[] signed;
        try
        {
            signed = SignedSamples.Sign(pdf);
        }
        catch (PdfException e) when (e.Fault == PdfFault.CannotWrite)
        {
            Assert.Contains("permits no further change", e.En, StringComparison.Ordinal);
            return;
        }
        using var file = PdfFileTests.Open(signed);
        var (green, _, reasons) = CorpusFile.Judge(file);
        Assert.True(green, reasons);
        Assert.Equal(PdfCoverage.WholeFile, ByteRangeGate.Judge(file, file.SignatureFields[^1]).Coverage);
    }

    private static (bool Green, bool Suspicious, string Reasons) Open(CorpusFile corpus)
    {
        try
        {
            using var file = PdfFile.Open(corpus.Path);
            return CorpusFile.Judge(file);
        }
        catch (PdfException e)
        {
            return (false, false, e.Fault.ToString());
        }
    }
}
