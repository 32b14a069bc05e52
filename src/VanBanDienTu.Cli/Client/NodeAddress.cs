namespace VanBanDienTu.Cli.Client;

/// <summary>A node to talk to, and as whom.</summary>
/// <param name="Node">https://host:port.</param>
/// <param name="CertificateFile">PKCS#12 with the caller's key and chain.</param>
/// <param name="Password">Of the PKCS#12 file.</param>
/// <param name="TrustFolder">Roots that the node's certificate must lead to.</param>
internal sealed record NodeAddress(Uri Node, string CertificateFile, string Password, string TrustFolder, bool AllowSample);
