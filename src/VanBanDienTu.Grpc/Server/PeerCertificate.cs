using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Grpc.AspNetCore.Server;

/// <summary>What a client certificate says, under the property names that gRPC uses.</summary>
internal static class PeerCertificate
{
    private const string CommonName = "x509_common_name";
    private const string AlternativeName = "x509_subject_alternative_name";

    public static AuthContext ToAuthContext(X509Certificate2? certificate)
    {
        var properties = new Dictionary<string, List<AuthProperty>>(StringComparer.Ordinal);
        if (certificate is null)
            return new AuthContext(null, properties);

        var identity = CommonName;
        properties[CommonName] = [Property(CommonName, certificate.GetNameInfo(X509NameType.SimpleName, forIssuer: false))];
        var names = certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>().SelectMany(names => names.EnumerateDnsNames()).ToList();
        if (names.Count > 0)
        {
            identity = AlternativeName;
            properties[AlternativeName] = names.ConvertAll(name => Property(AlternativeName, name));
        }

        return new AuthContext(identity, properties);
    }

    private static AuthProperty Property(string name, string value) => AuthProperty.Create(name, Encoding.UTF8.GetBytes(value));
}
