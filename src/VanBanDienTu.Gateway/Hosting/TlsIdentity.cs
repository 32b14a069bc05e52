using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using VanBanDienTu.Gateway.Config;
using VanBanDienTu.Signing.Certificates;

namespace VanBanDienTu.Gateway.Hosting;

/// <summary>The node's own TLS key and certificate with its intermediates: what it shows to callers and to neighbours.</summary>
internal sealed class TlsIdentity : IDisposable
{
    private const int WrongPasswordHResult = unchecked((int)0x80070056); // ERROR_INVALID_PASSWORD, as .NET reports it everywhere
    private readonly X509Certificate2Collection all;

    private TlsIdentity(X509Certificate2Collection all, X509Certificate2 leaf)
    {
        this.all = all;
        var intermediates = new X509Certificate2Collection(all.Where(c => !ReferenceEquals(c, leaf) && c.Subject != c.Issuer).ToArray());
        Context = SslStreamCertificateContext.Create(leaf, intermediates, offline: true);
        Certificate = Certificate.Parse(leaf.RawData);
        Intermediates = [.. intermediates.Select(c => Certificate.Parse(c.RawData))];
    }

    public SslStreamCertificateContext Context { get; }

    public Certificate Certificate { get; }

    public IReadOnlyList<Certificate> Intermediates { get; }

    /// <exception cref="GatewayException"><see cref="GatewayFault.KeyFileMissing"/>, <see cref="GatewayFault.WrongPassword"/>,
    /// <see cref="GatewayFault.KeyUnusable"/>, <see cref="GatewayFault.CertificateOutOfDate"/>.</exception>
    public static TlsIdentity Load(NodeConfig config, TimeProvider time)
    {
        var file = KeyAddress.Find(config, config.Tls, "TLS");
        var opened = Open(file);
        var leaf = opened.FirstOrDefault(c => c.HasPrivateKey) ?? throw new GatewayException(GatewayFault.KeyUnusable,
            $"Tệp khoá {file.Path} không có khoá riêng: hãy dùng tệp PKCS#12 (.p12) có cả khoá và chứng thư.",
            $"The key file {file.Path} holds no private key; use a PKCS#12 file (.p12) with key and certificate.");
        CheckPeriod(new DateTimeOffset(leaf.NotBefore), new DateTimeOffset(leaf.NotAfter), file.Path, time);
        return new TlsIdentity(opened, leaf);
    }

    /// <exception cref="GatewayException"><see cref="GatewayFault.CertificateOutOfDate"/>.</exception>
    public static void CheckPeriod(DateTimeOffset notBefore, DateTimeOffset notAfter, string path, TimeProvider time)
    {
        var now = time.GetUtcNow();
        if (now > notAfter)
            throw new GatewayException(GatewayFault.CertificateOutOfDate,
                $"Chứng thư trong {path} đã hết hạn ngày {notAfter:yyyy-MM-dd}: hãy thay chứng thư mới.",
                $"The certificate in {path} expired on {notAfter:yyyy-MM-dd}; put a new one in its place.");
        if (now < notBefore)
            throw new GatewayException(GatewayFault.CertificateOutOfDate,
                $"Chứng thư trong {path} chỉ có hiệu lực từ {notBefore:yyyy-MM-dd HH:mm} UTC: hãy kiểm tra đồng hồ của máy hoặc đợi.",
                $"The certificate in {path} is valid only from {notBefore:yyyy-MM-dd HH:mm} UTC; check this machine's clock, or wait.");
    }

    public void Dispose()
    {
        foreach (var certificate in all)
            certificate.Dispose();
    }

    private static X509Certificate2Collection Open(KeyAddress file)
    {
        try
        {
            return X509CertificateLoader.LoadPkcs12CollectionFromFile(file.Path, file.Secret);
        }
        catch (CryptographicException e) when (e.HResult == WrongPasswordHResult)
        {
            throw new GatewayException(GatewayFault.WrongPassword,
                $"Mật khẩu không mở được tệp khoá {file.Path}: hãy kiểm tra tệp mật khẩu.",
                $"The password does not open the key file {file.Path}; check its password file.", e);
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new GatewayException(GatewayFault.KeyUnusable,
                $"Tệp khoá {file.Path} không đọc được hoặc không phải PKCS#12.",
                $"The key file {file.Path} cannot be read or is not PKCS#12 ({e.Message}).", e);
        }
    }
}
