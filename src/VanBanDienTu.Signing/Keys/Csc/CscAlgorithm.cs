using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using VanBanDienTu.Signing.Certificates;
using VanBanDienTu.Signing.Cms;

namespace VanBanDienTu.Signing.Keys.Csc;

/// <summary>How a signing service is asked to sign a hash: the algorithm's OID, and parameters for PSS.</summary>
/// <remarks>Source: CSC API v2, 11.10: signAlgo names hash and key together, or rsaEncryption with hashAlgorithmOID beside it.</remarks>
internal static class CscAlgorithm
{
    /// <param name="offered">The OIDs of credentials/info, key.algo; none: the service does not say.</param>
    /// <returns>False when the service does not offer it.</returns>
    public static bool Write(JsonObject request, IReadOnlySet<string> offered, bool rsa, HashAlgorithmName algorithm, SignaturePadding padding)
    {
        var digest = MessageHash.OidOf(algorithm)!;
        request["hashAlgorithmOID"] = digest;
        var size = algorithm.Name switch { "SHA256" => 32, "SHA384" => 48, _ => 64 };
        if (rsa && padding == SignaturePadding.Pss)
        {
            var parameters = new AsnWriter(AsnEncodingRules.DER);
            Oids.WritePssParameters(parameters, digest, size);
            request["signAlgo"] = Oids.RsaPss;
            request["signAlgoParams"] = Convert.ToBase64String(parameters.Encode());
            return offered.Count == 0 || offered.Contains(Oids.RsaPss);
        }
        string[] names = (rsa, size) switch
        {
            (true, 32) => ["1.2.840.113549.1.1.11", Oids.Rsa],
            (true, 48) => ["1.2.840.113549.1.1.12", Oids.Rsa],
            (true, _) => ["1.2.840.113549.1.1.13", Oids.Rsa],
            (_, 32) => [Oids.EcdsaSha256],
            (_, 48) => [Oids.EcdsaSha384],
            _ => [Oids.EcdsaSha512],
        };
        request["signAlgo"] = names.FirstOrDefault(offered.Contains) ?? names[0];
        return offered.Count == 0 || names.Any(offered.Contains);
    }
}
