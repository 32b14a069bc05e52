import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Security;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509v2CRLBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * Honest changes by programs that are not ours: iText 5 and PDFBox 2 sign documents, then sign again, fill in forms, archive.
 * Use: Peers FOLDER DOCUMENT... Writes FOLDER/FAMILY/NAME.pdf and prints one line for each, or «FAILED FAMILY/NAME reason».
 */
public final class Peers {
  static PrivateKey key;
  static Certificate[] chain;
  static PrivateKey stampKey;
  static X509Certificate stampCertificate;
  static byte[] crl;

  private static Path folder;

  interface Change { byte[] of(byte[] pdf) throws Exception; }

  private static int done;

  public static void main(String[] args) throws Exception {
    Security.addProvider(new BouncyCastleProvider());
    folder = Path.of(args[0]);
    keys();
    for (int i = 1; i < args.length; i++) {
      String name = Path.of(args[i]).getFileName().toString().replace(".pdf", "");
      ITextPeer.document(name, Files.readAllBytes(Path.of(args[i])));
      PdfBoxPeer.document(name, Files.readAllBytes(Path.of(args[i])));
    }
    ITextPeer.forms();
    PdfBoxPeer.forms();
    System.out.println("written " + done);
  }

  /** Applies the changes one after another, and keeps the result. */
  static byte[] keep(String family, String name, byte[] start, Change... changes) {
    byte[] pdf = start;
    try {
      for (Change change : changes) pdf = change.of(pdf);
      Path file = folder.resolve(family).resolve(name + ".pdf");
      Files.createDirectories(file.getParent());
      Files.write(file, pdf);
      done++;
      System.out.println(family + "/" + name);
    } catch (Exception | LinkageError e) {
      System.out.println("FAILED " + family + "/" + name + " " + e);
      e.printStackTrace();
    }
    return pdf;
  }

  private static void keys() throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(2048);
    KeyPair signer = generator.generateKeyPair();
    KeyPair stamper = generator.generateKeyPair();
    key = signer.getPrivate();
    X509Certificate certificate = certificate(signer, "CN=Peer signer", false);
    chain = new Certificate[] { certificate };
    stampKey = stamper.getPrivate();
    stampCertificate = certificate(stamper, "CN=Peer timestamps", true);
    Date now = new Date();
    crl = new X509v2CRLBuilder(new X500Name("CN=Peer signer"), now).setNextUpdate(new Date(now.getTime() + 86_400_000L))
        .build(new JcaContentSignerBuilder("SHA256withRSA").build(key)).getEncoded();
    KeyStore store = KeyStore.getInstance("PKCS12"); // for the programs that are started after this one
    store.load(null, null);
    store.setKeyEntry("peer", key, "peer".toCharArray(), chain);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    store.store(bytes, "peer".toCharArray());
    Files.createDirectories(folder);
    Files.write(folder.resolve("peer.p12"), bytes.toByteArray());
  }

  private static X509Certificate certificate(KeyPair pair, String name, boolean stamps) throws Exception {
    Date now = new Date();
    X500Name subject = new X500Name(name);
    JcaX509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(subject, BigInteger.valueOf(now.getTime()),
        new Date(now.getTime() - 86_400_000L), new Date(now.getTime() + 30 * 86_400_000L), subject, pair.getPublic());
    builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature | KeyUsage.nonRepudiation));
    if (stamps) builder.addExtension(Extension.extendedKeyUsage, true, new ExtendedKeyUsage(KeyPurposeId.id_kp_timeStamping));
    return new JcaX509CertificateConverter().getCertificate(builder.build(new JcaContentSignerBuilder("SHA256withRSA").build(pair.getPrivate())));
  }

  static List<byte[]> certificates() throws Exception {
    return List.of(chain[0].getEncoded(), stampCertificate.getEncoded());
  }
}
