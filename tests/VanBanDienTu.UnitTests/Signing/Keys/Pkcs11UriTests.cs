using VanBanDienTu.Signing;
using VanBanDienTu.Signing.Keys.Pkcs11;

namespace VanBanDienTu.UnitTests.Signing.Keys;

public sealed class Pkcs11UriTests
{
    [Fact]
    public void Every_attribute_is_unescaped()
    {
        var uri = Pkcs11Uri.Parse("pkcs11:token=V%C4%83n%20th%C6%B0;object=ky;id=%01%ff;serial=7;manufacturer=M;model=N;slot-id=3;type=private?module-path=/lib/a.so");
        Assert.Equal(("Văn thư", "ky", "7", "M", "N", 3ul, "/lib/a.so"), (uri.Token, uri.Object, uri.Serial, uri.Manufacturer, uri.Model, uri.SlotId!.Value, uri.ModulePath));
        Assert.Equal([1, 255], uri.Id);
    }

    [Theory]
    [InlineData("pkcs11:token=a", "module-path")]
    [InlineData("pkcs11:token=a?module-path=libx.so", "absolute")]
    [InlineData("pkcs11:token=a;colour=red?module-path=/a.so", "colour")]
    [InlineData("pkcs11:token=a?module-path=/a.so&module-name=b", "module-name")]
    [InlineData("pkcs11:token=a;token=b?module-path=/a.so", "twice")]
    [InlineData("pkcs11:token=%4?module-path=/a.so", "%-escape")]
    [InlineData("pkcs11:token?module-path=/a.so", "name=value")]
    [InlineData("pkcs11:token=a?module-path=/a.so&pin-source=file:/pin", "--pin-file")]
    public void What_is_wrong_with_an_address_is_said(string address, string word)
    {
        var refused = Assert.Throws<SigningException>(() => Pkcs11Uri.Parse(address));
        Assert.Equal(SigningFault.KeyAddressInvalid, refused.Fault);
        Assert.Contains(word, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_pin_in_an_address_is_refused_and_not_repeated()
    {
        var refused = Assert.Throws<SigningException>(() => Pkcs11Uri.Parse("pkcs11:token=a?module-path=/a.so&pin-value=73914628"));
        Assert.DoesNotContain("73914628", refused + refused.Vietnamese, StringComparison.Ordinal);
        Assert.Contains("--pin-file", refused.Message, StringComparison.Ordinal);
    }
}
