using System.Formats.Asn1;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using VanBanDienTu.Signing.Certificates;

namespace VanBanDienTu.Signing.Authority;

/// <summary>A certificate of the sample authority with its private key.</summary>
internal sealed class SampleCa(string name, Certificate certificate, AsymmetricAlgorithm key)
{
    public string Name => name;

    public Certificate Certificate => certificate;

    public AsymmetricAlgorithm Key => key;

    public X509SignatureGenerator Generator => key is RSA rsa
        ? X509SignatureGenerator.CreateForRSA(rsa, RSASignaturePadding.Pkcs1)
        : X509SignatureGenerator.CreateForECDsa((ECDsa)key);
}

/// <summary>Builds one sample certificate. Everything built here carries the marker extension.</summary>
internal sealed class CertificateIssue
{
    private readonly CertificateRequest _request;

    public CertificateIssue(X500DistinguishedName subject, AsymmetricAlgorithm key)
    {
        _request = new CertificateRequest(subject, SampleKeys.PublicKeyOf(key), HashAlgorithmName.SHA256);
        Add(new X509SubjectKeyIdentifierExtension(_request.PublicKey, critical: false));
        Add(new X509Extension(CertificateOids.SampleMarker, [0x05, 0x00], critical: false));
    }

    public static X500DistinguishedName Name(params ReadOnlySpan<(string Oid, string? Value)> attributes)
    {
        // .NET's builder writes what is added last first; country comes first by custom.
        var builder = new X500DistinguishedNameBuilder();
        for (var i = attributes.Length - 1; i >= 0; i--)
        {
            if (attributes[i].Value is { } value)
                builder.Add(attributes[i].Oid, value, UniversalTagNumber.UTF8String);
        }
        builder.AddCountryOrRegion("VN");
        return builder.Build();
    }

    public CertificateIssue Authority(int? pathLength)
    {
        Add(new X509BasicConstraintsExtension(certificateAuthority: true, pathLength is not null, pathLength ?? 0, critical: true));
        return Usage(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign);
    }

    public CertificateIssue EndEntity()
    {
        Add(new X509BasicConstraintsExtension(certificateAuthority: false, hasPathLengthConstraint: false, 0, critical: true));
        return this;
    }

    public CertificateIssue Usage(X509KeyUsageFlags usage)
    {
        Add(new X509KeyUsageExtension(usage, critical: true));
        return this;
    }

    public CertificateIssue Purposes(bool critical, params ReadOnlySpan<string> oids)
    {
        var list = new OidCollection();
        foreach (var oid in oids)
            list.Add(new Oid(oid));
        Add(new X509EnhancedKeyUsageExtension(list, critical));
        return this;
    }

    public CertificateIssue NoCheck()
    {
        Add(new X509Extension(CertificateOids.OcspNoCheck, [0x05, 0x00], critical: false));
        return this;
    }

    /// <summary>Where to ask about certificates that <paramref name="issuer"/> issued.</summary>
    public CertificateIssue Pointers(string baseUrl, string issuer)
    {
        Add(new X509AuthorityInformationAccessExtension([$"{baseUrl}/ocsp"], [$"{baseUrl}/ca/{issuer}.cer"]));
        Add(CertificateRevocationListBuilder.BuildCrlDistributionPointExtension([$"{baseUrl}/crl/{issuer}.crl"]));
        return this;
    }

    public CertificateIssue Hosts(IEnumerable<string> more)
    {
        var names = new SubjectAlternativeNameBuilder();
        foreach (var host in more.Concat(["localhost", "127.0.0.1", "::1"]).Distinct(StringComparer.Ordinal))
        {
            if (IPAddress.TryParse(host, out var address))
                names.AddIpAddress(address);
            else
                names.AddDnsName(host);
        }
        Add(names.Build());
        return this;
    }

    public Certificate SelfSigned(AsymmetricAlgorithm key, DateTimeOffset from, DateTimeOffset to)
    {
        var generator = new SampleCa("", null!, key).Generator;
        using var made = _request.Create(_request.SubjectName, generator, from, to, Serial());
        return Certificate.Parse(made.RawData);
    }

    public Certificate IssuedBy(SampleCa issuer, DateTimeOffset from, DateTimeOffset to)
    {
        Add(X509AuthorityKeyIdentifierExtension.CreateFromSubjectKeyIdentifier(issuer.Certificate.SubjectKeyId!.Value.Span));
        var name = new X500DistinguishedName(issuer.Certificate.SubjectRaw.Span);
        using var made = _request.Create(name, issuer.Generator, from, to, Serial());
        return Certificate.Parse(made.RawData);
    }

    private void Add(X509Extension extension) => _request.CertificateExtensions.Add(extension);

    private static byte[] Serial()
    {
        var serial = RandomNumberGenerator.GetBytes(16);
        serial[0] = (byte)((serial[0] & 0x3f) | 0x40); // positive and always 16 bytes
        return serial;
    }
}
