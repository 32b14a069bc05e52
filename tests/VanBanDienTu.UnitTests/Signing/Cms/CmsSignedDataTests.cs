using System.Security.Cryptography;
using System.Text;
using VanBanDienTu.Pdf;
using VanBanDienTu.Signing;
using VanBanDienTu.Signing.Certificates;
using VanBanDienTu.Signing.Cms;
using VanBanDienTu.Signing.Keys;
using VanBanDienTu.TestKit;

namespace VanBanDienTu.UnitTests.Signing.Cms;

public sealed class CmsSignedDataTests
{
    private static readonly byte[] Content = Encoding.UTF8.GetBytes("Quyết định số 01/QĐ-UBND");

    [Fact]
    public async Task Indefinite_lengths_are_read_and_the_signature_still_holds()
    {
        var der = await CadesBuilderTests.SignAsync(TestKeys.P256, HashAlgorithmName.SHA256, SignaturePadding.Pkcs1);
        var ber = Indefinite(BerElement.Read(der));
        Assert.True(ber.Length > der.Length);
        Assert.Equal(ber.Length, CmsSignedData.Parse(ber).EncodedLength);
        Assert.Equal(Integrity.Intact, CadesBuilderTests.Check(ber, Content).Integrity);
    }

    [Fact]
    public async Task Padding_after_the_structure_is_left_alone()
    {
        var der = await CadesBuilderTests.SignAsync(TestKeys.P256, HashAlgorithmName.SHA256, SignaturePadding.Pkcs1);
        Assert.Equal(der.Length, CmsSignedData.Parse((byte[])[.. der, .. new byte[500]]).EncodedLength);
    }

    [Fact]
    public async Task Signed_attributes_that_were_signed_unsorted_still_hold()
    {
        var builder = new CadesBuilder(TestKeys.P256, HashAlgorithmName.SHA256, SignaturePadding.Pkcs1);
        var sorted = BerElement.Read(builder.SignedAttributes(SHA256.HashData(Content)));
        var unsorted = DerEncoding.Wrap(0x31, [.. sorted.Children().AsEnumerable().Reverse().SelectMany(c => c.Raw.ToArray())]);
        var value = await TestKeys.P256.SignHashAsync(SHA256.HashData(unsorted), HashAlgorithmName.SHA256, SignaturePadding.Pkcs1, TestContext.Current.CancellationToken);
        Assert.Equal(Integrity.Intact, CadesBuilderTests.Check(builder.Assemble(unsorted, value), Content).Integrity);
    }

    [Fact]
    public async Task An_algorithm_that_we_lack_is_unsupported_and_never_broken()
    {
        var der = await CadesBuilderTests.SignAsync(TestKeys.P256, HashAlgorithmName.SHA256, SignaturePadding.Pkcs1);
        byte[] ecdsaSha256 = [0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02];
        der[der.AsSpan().LastIndexOf(ecdsaSha256) + 9] = 0x7f; // no such algorithm
        Assert.Equal(Integrity.Unsupported, CadesBuilderTests.Check(der, Content).Integrity);
    }

    [Theory]
    [InlineData("")]
    [InlineData("30")]
    [InlineData("3080")]
    [InlineData("300b06092a864886f70d010702")]
    [InlineData("308201ff06092a864886f70d010702a0")]
    [InlineData("ffffffffffffffffffff")]
    public void Rubbish_is_named_malformed(string hex) =>
        Assert.Equal(SigningFault.CmsMalformed, Assert.Throws<SigningException>(() => CmsSignedData.Parse(Convert.FromHexString(hex))).Fault);

    [Fact]
    public void A_tower_of_indefinite_lengths_is_refused_at_once()
    {
        var tower = new byte[1 << 20];
        for (var i = 0; i < tower.Length; i += 2)
            (tower[i], tower[i + 1]) = (0x30, 0x80);
        var before = ThreadClock.Now;
        Assert.Throws<SigningException>(() => CmsSignedData.Parse(tower));
        Assert.InRange((ThreadClock.Now - before).TotalSeconds, 0, 2);
    }

    [Fact]
    public async Task Every_truncation_of_a_good_signature_is_refused_with_one_named_fault()
    {
        var der = await CadesBuilderTests.SignAsync(TestKeys.P256, HashAlgorithmName.SHA256, SignaturePadding.Pkcs1);
        for (var length = 0; length < der.Length; length += 7)
            Assert.Throws<SigningException>(() => CmsSignedData.Parse(der.AsMemory(0, length)));
    }

    private static byte[] Indefinite(BerElement element)
    {
        // Certificates keep their own bytes: they are digested as they are.
        if (!element.Constructed || Certificate.TryParse(element.Raw) is not null)
            return element.Raw.ToArray();
        return [element.Tag, 0x80, .. element.Children().SelectMany(Indefinite), 0, 0];
    }
}
