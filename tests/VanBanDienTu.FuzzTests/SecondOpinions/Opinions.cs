using System.Security.Cryptography;
using Org.BouncyCastle.Cms;
using Org.BouncyCastle.Tsp;
using VanBanDienTu.Pdf;
using VanBanDienTu.Signing;
using VanBanDienTu.Signing.Trust;
using VanBanDienTu.TestKit;

namespace VanBanDienTu.FuzzTests.SecondOpinions;

/// <summary>What five programs say about all signatures of one file together. Trust is not asked: only what was signed and what came after.</summary>
/// <param name="Ours"><c>green</c>, <c>suspicious</c> (later changes), <c>broken</c> (or malformed, or unsupported), <c>none</c>,
/// <c>removed</c> (an earlier revision had some), <c>unreadable</c>.</param>
/// <param name="Pdfsig"><c>valid</c>, <c>invalid</c>, <c>none</c>.</param>
/// <param name="Mutool"><c>valid</c>, <c>edited</c> («valid but there have been edits»), <c>invalid</c>, <c>none</c>, <c>crash</c>.</param>
/// <param name="Openssl"><c>valid</c>, <c>invalid</c>, or <c>-</c> when there is nothing to ask about: only the CMS over the bytes of /ByteRange.</param>
/// <param name="Bouncy">As openssl.</param>
internal sealed record Opinions(string Ours, string Pdfsig, string Mutool, string Openssl, string Bouncy)
{
    private static readonly PdfVerifier Verifier = new(TrustSnapshot.Empty, null, TimeProvider.System);

    /// <summary>Somebody sees it otherwise than we do.</summary>
    public bool Disagree => Ours switch
    {
        "green" => Pdfsig != "valid" || Mutool is not ("valid" or "edited") || Openssl == "invalid" || Bouncy == "invalid",
        "suspicious" => Pdfsig == "valid" || Mutool is "valid" or "edited" || Openssl == "invalid" || Bouncy == "invalid",
        "broken" => Pdfsig == "valid" || Mutool is "valid" or "edited" || Openssl == "valid" || Bouncy == "valid",
        _ => Pdfsig == "valid" || Mutool is "valid" or "edited",
    } || Mutool == "crash";

    public static async Task<Opinions> AskAsync(string path)
    {
        var (openssl, bouncy) = await CryptographyAsync(path);
        return new(await OursAsync(path), Poppler(ExternalTool.Run("pdfsig", "-nocert", path).Output), MuPdf(ExternalTool.Run("mutool", "sign", "-v", path)), openssl, bouncy);
    }

    /// <summary>Our own answer alone.</summary>
    public static async Task<string> OursAsync(string path)
    {
        var verdict = await Verifier.VerifyAsync(path);
        return verdict.Verdict switch
        {
            FileOutcome.NoSignature => "none",
            FileOutcome.Unreadable => "unreadable",
            _ when verdict.Signatures.Count == 0 => "removed",
            _ when verdict.Signatures.Any(s => s.Integrity != Integrity.Intact) => "broken",
            _ when verdict.Signatures.Any(s => s.LaterChanges == LaterChange.Suspicious) => "suspicious",
            _ => "green",
        };
    }

    private static string Poppler(string said)
    {
        var words = said.Split('\n').Where(l => l.Contains("Signature Validation:", StringComparison.Ordinal)).ToList();
        return words.Count == 0 ? "none" : words.TrueForAll(w => w.Contains("Signature is Valid.", StringComparison.Ordinal)) ? "valid" : "invalid";
    }

    private static string MuPdf(ToolAnswer answer)
    {
        if (answer.ExitCode >= 128)
            return "crash";
        var parts = answer.Output.Split("Verifying signature").Skip(1).Where(p => !p.Contains("is not signed", StringComparison.Ordinal)).ToList();
        return parts.Count == 0 ? "none"
            : !parts.TrueForAll(p => p.Contains("unchanged since signing", StringComparison.Ordinal) || p.Contains("signature is valid but", StringComparison.Ordinal)) ? "invalid"
            : parts.Exists(p => p.Contains("signature is valid but", StringComparison.Ordinal)) ? "edited" : "valid";
    }

    private static async Task<(string Openssl, string Bouncy)> CryptographyAsync(string path)
    {
        var (openssl, bouncy) = (new List<bool>(), new List<bool>());
        try
        {
            using var file = PdfFile.Open(path);
            foreach (var signature in file.SignatureFields.Select(f => f.Signature).OfType<PdfSignatureDictionary>())
            {
                if (signature.SubFilter == "adbe.x509.rsa_sha1" || signature.ByteRange is not [0, > 0 and var first, var second, > 0 and var rest] || first > second || second > file.Bytes.Length - rest)
                    continue;
                byte[] content = [.. file.Bytes.Window(0, (int)first).Span, .. file.Bytes.Window(second, (int)rest).Span];
                openssl.Add(await OpensslAsync(signature, content));
                bouncy.Add(Bouncing(signature, content));
            }
        }
        catch (PdfException)
        {
            // What we cannot open, nobody is asked about.
        }
        return (Sum(openssl), Sum(bouncy));
    }

    private static string Sum(List<bool> answers) => answers.Count == 0 ? "-" : answers.TrueForAll(a => a) ? "valid" : "invalid";

    private static bool HoldsItsContent(PdfSignatureDictionary signature) => signature.IsTimestamp || signature.SubFilter == "adbe.pkcs7.sha1";

    private static async Task<bool> OpensslAsync(PdfSignatureDictionary signature, byte[] content)
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllBytesAsync(folder["cms"], signature.Cms);
        await File.WriteAllBytesAsync(folder["content"], content);
        string[] detached = HoldsItsContent(signature) ? [] : ["-content", folder["content"]];
        return ExternalTool.Run("openssl", ["cms", "-verify", "-binary", "-noverify", "-inform", "DER", "-in", folder["cms"], .. detached, "-out", folder["out"]]).ExitCode == 0;
    }

    private static bool Bouncing(PdfSignatureDictionary signature, byte[] content)
    {
        try
        {
            var cms = HoldsItsContent(signature) ? new CmsSignedData(signature.Cms.ToArray()) : new CmsSignedData(new CmsProcessableByteArray(content), signature.Cms.ToArray());
            var certificates = cms.GetCertificates("Collection");
            var holds = cms.GetSignerInfos().GetSigners().Cast<SignerInformation>().All(s =>
                certificates.GetMatches(s.SignerID).Cast<Org.BouncyCastle.X509.X509Certificate>().Any(c => s.Verify(c.GetPublicKey()))); // by the key: the certificate's time is another question
            return holds && (!signature.IsTimestamp || IsOf(new TimeStampToken(cms).TimeStampInfo, content));
        }
#pragma warning disable CA1031 // It throws whatever it likes; that is its opinion.
        catch (Exception)
#pragma warning restore CA1031
        {
            return false;
        }
    }

    private static bool IsOf(TimeStampTokenInfo info, byte[] content) => CryptographicOperations.HashData(info.MessageImprintAlgOid switch
    {
        "2.16.840.1.101.3.4.2.3" => HashAlgorithmName.SHA512,
        "2.16.840.1.101.3.4.2.2" => HashAlgorithmName.SHA384,
        "1.3.14.3.2.26" => HashAlgorithmName.SHA1,
        _ => HashAlgorithmName.SHA256,
    }, content).AsSpan().SequenceEqual(info.GetMessageImprintDigest());
}
