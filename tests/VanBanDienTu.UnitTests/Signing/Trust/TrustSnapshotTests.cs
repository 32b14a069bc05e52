using VanBanDienTu.Signing;
using VanBanDienTu.Signing.Authority;
using VanBanDienTu.Signing.Certificates;
using VanBanDienTu.Signing.Trust;
using VanBanDienTu.TestKit;
using VanBanDienTu.UnitTests.Signing.Paths;

namespace VanBanDienTu.UnitTests.Signing.Trust;

public sealed class TrustSnapshotTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_same_anchors_give_the_same_id_in_any_order_and_form()
    {
        using var one = TestChain.Root("Một");
        using var two = TestChain.Root("Hai");
        _folder.Write("a.pem", System.Text.Encoding.ASCII.GetBytes(one.ExportCertificatePem() + "\n" + two.ExportCertificatePem()));
        _folder.Write("ghi-chu.txt", "không phải chứng thư"u8);
        var first = TrustSnapshot.Load(_folder.Path, allowSample: false);

        using var other = new TemporaryFolder();
        other.Write("1.cer", two.RawData);
        other.Write("2.crt", one.RawData);
        other.Write("3.crt", one.RawData);
        var second = TrustSnapshot.Load(other.Path, allowSample: false);

        Assert.Equal(2, first.Anchors.Count);
        Assert.Equal(first.Id, second.Id);
        Assert.False(first.Sample);
        Assert.NotEqual(first.Id, TrustSnapshot.Of([one.Read()], allowSample: false).Id);
    }

    [Fact]
    public void Sample_anchors_are_left_out_unless_allowed()
    {
        using var real = TestChain.Root("Gốc thật");
        using var sample = TestChain.Root("Gốc mẫu", r => r.Extension(CertificateOids.SampleMarker, [0x05, 0x00], critical: false));
        var strict = TrustSnapshot.Of([real.Read(), sample.Read()], allowSample: false);
        Assert.Equal([real.Read()], strict.Anchors);
        Assert.Equal([sample.Read()], strict.RefusedSamples);
        Assert.False(strict.Sample);
        Assert.Contains("--allow-sample-trust", strict.Findings[0].En, StringComparison.Ordinal);

        var loose = TrustSnapshot.Of([real.Read(), sample.Read()], allowSample: true);
        Assert.Equal(2, loose.Anchors.Count);
        Assert.True(loose.Sample);
    }

    [Fact]
    public void A_file_that_cannot_be_read_is_a_finding_and_the_others_count()
    {
        using var one = TestChain.Root("Một");
        _folder.Write("tot.cer", one.RawData);
        _folder.Write("cut.cer", one.RawData.AsSpan(0, 100));
        _folder.Write("rong.pem", "không có gì"u8);
        var snapshot = TrustSnapshot.Load(_folder.Path, allowSample: false);
        Assert.Single(snapshot.Anchors);
        Assert.Equal(["cut.cer", "rong.pem"], snapshot.Findings.Select(f => Path.GetFileName(f.File)));
    }

    [Fact]
    public void An_empty_folder_gives_no_anchors_and_a_missing_one_is_a_fault()
    {
        Assert.True(TrustSnapshot.Load(_folder.Path, allowSample: false).IsEmpty);
        var fault = Assert.Throws<SigningException>(() => TrustSnapshot.Load(_folder["khong-co"], allowSample: false));
        Assert.Equal(SigningFault.TrustUnreadable, fault.Fault);
        Assert.Contains("khong-co", fault.Message, StringComparison.Ordinal);
    }
}
