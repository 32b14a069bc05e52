import com.itextpdf.text.BaseColor;
import com.itextpdf.text.Chunk;
import com.itextpdf.text.Document;
import com.itextpdf.text.Image;
import com.itextpdf.text.Paragraph;
import com.itextpdf.text.Rectangle;
import com.itextpdf.text.pdf.AcroFields;
import com.itextpdf.text.pdf.BaseFont;
import com.itextpdf.text.pdf.PdfAnnotation;
import com.itextpdf.text.pdf.PdfFormField;
import com.itextpdf.text.pdf.PdfName;
import com.itextpdf.text.pdf.PdfReader;
import com.itextpdf.text.pdf.PdfSigLockDictionary;
import com.itextpdf.text.pdf.PdfSignatureAppearance;
import com.itextpdf.text.pdf.PdfSignatureAppearance.RenderingMode;
import com.itextpdf.text.pdf.PdfStamper;
import com.itextpdf.text.pdf.PdfWriter;
import com.itextpdf.text.pdf.RadioCheckField;
import com.itextpdf.text.pdf.TextField;
import com.itextpdf.text.pdf.security.BouncyCastleDigest;
import com.itextpdf.text.pdf.security.LtvTimestamp;
import com.itextpdf.text.pdf.security.LtvVerification;
import com.itextpdf.text.pdf.security.MakeSignature;
import com.itextpdf.text.pdf.security.MakeSignature.CryptoStandard;
import com.itextpdf.text.pdf.security.PrivateKeySignature;
import com.itextpdf.text.pdf.security.TSAClient;
import com.itextpdf.text.xml.xmp.XmpWriter;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.security.MessageDigest;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.cert.jcajce.JcaCertStore;
import org.bouncycastle.cms.jcajce.JcaSimpleSignerInfoGeneratorBuilder;
import org.bouncycastle.operator.jcajce.JcaDigestCalculatorProviderBuilder;
import org.bouncycastle.tsp.TSPAlgorithms;
import org.bouncycastle.tsp.TimeStampRequest;
import org.bouncycastle.tsp.TimeStampRequestGenerator;
import org.bouncycastle.tsp.TimeStampResponse;
import org.bouncycastle.tsp.TimeStampResponseGenerator;
import org.bouncycastle.tsp.TimeStampTokenGenerator;

/** What iText 5 does to a signed document. */
final class ITextPeer {
  interface Look { void set(PdfSignatureAppearance appearance) throws Exception; }

  interface Stamp { void on(PdfStamper stamper) throws Exception; }

  private static final Look INVISIBLE = a -> { };
  private static final Look CERTIFY_1 = a -> a.setCertificationLevel(PdfSignatureAppearance.CERTIFIED_NO_CHANGES_ALLOWED);
  private static final Look CERTIFY_2 = a -> a.setCertificationLevel(PdfSignatureAppearance.CERTIFIED_FORM_FILLING);
  private static final Look CERTIFY_3 = a -> a.setCertificationLevel(PdfSignatureAppearance.CERTIFIED_FORM_FILLING_AND_ANNOTATIONS);

  static Peers.Change sign(Look look) { return sign(look, CryptoStandard.CADES); }

  static Peers.Change sign(Look look, CryptoStandard standard) {
    return pdf -> {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      PdfSignatureAppearance a = PdfStamper.createSignature(new PdfReader(pdf), out, '\0', null, true).getSignatureAppearance();
      a.setReason("peer");
      look.set(a);
      MakeSignature.signDetached(a, new BouncyCastleDigest(), new PrivateKeySignature(Peers.key, "SHA-256", null), Peers.chain, null, null, null, 0, standard);
      return out.toByteArray();
    };
  }

  static Look visible(int x, int y, RenderingMode mode) {
    return a -> {
      a.setVisibleSignature(new Rectangle(x, y, x + 150, y + 30), 1, null);
      a.setRenderingMode(mode);
      if (mode != RenderingMode.DESCRIPTION && mode != RenderingMode.NAME_AND_DESCRIPTION) a.setSignatureGraphic(picture());
    };
  }

  static Look in(String field) { return a -> a.setVisibleSignature(field); }

  static Peers.Change change(Stamp stamp) {
    return pdf -> {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      PdfStamper stamper = new PdfStamper(new PdfReader(pdf), out, '\0', true);
      stamp.on(stamper);
      stamper.close();
      return out.toByteArray();
    };
  }

  static Peers.Change archive() {
    return change(s -> {
      LtvVerification store = new LtvVerification(s);
      for (String name : s.getAcroFields().getSignatureNames()) store.addVerification(name, null, List.of(Peers.crl), Peers.certificates());
      store.merge();
    });
  }

  static Peers.Change timestamp() {
    return pdf -> {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      LtvTimestamp.timestamp(PdfStamper.createSignature(new PdfReader(pdf), out, '\0', null, true).getSignatureAppearance(), new Authority(), null);
      return out.toByteArray();
    };
  }

  private static Image picture() throws Exception {
    byte[] pixels = new byte[24 * 24 * 3];
    for (int i = 0; i < pixels.length; i++) pixels[i] = (byte) (i * 7);
    return Image.getInstance(24, 24, 3, 8, pixels);
  }

  /** Further signatures and archive updates of a document that has no form. */
  static void document(String name, byte[] pdf) {
    Look[] first = { INVISIBLE, visible(400, 40, RenderingMode.DESCRIPTION), CERTIFY_2, CERTIFY_3 };
    for (int i = 0; i < first.length; i++) {
      String id = "itext-" + name + "-" + i;
      byte[] signed = Peers.keep("first", id, pdf, sign(first[i]));
      Peers.keep("signature", id + "-invisible", signed, sign(INVISIBLE));
      Peers.keep("signature", id + "-cms", signed, sign(INVISIBLE, CryptoStandard.CMS));
      Peers.keep("signature", id + "-box", signed, PdfBoxPeer.sign(null));
      int x = 40;
      for (RenderingMode mode : RenderingMode.values()) {
        Peers.keep("signature", id + "-" + mode.toString().toLowerCase(), signed, sign(visible(x, 4, mode)));
        x += 30;
      }
      Peers.keep("signature", id + "-box-visible", signed, PdfBoxPeer.signVisibly(40, 40));
      Peers.keep("signature", id + "-box-designed", signed, PdfBoxPeer.signByDesigner());
      Peers.keep("signature", id + "-field", signed, change(s -> s.addSignature("Later", 1, 40, 4, 160, 33)), sign(in("Later")));
      Peers.keep("signature", id + "-locks", signed, sign(a -> {
        visible(220, 40, RenderingMode.DESCRIPTION).set(a);
        a.setFieldLockDict(new PdfSigLockDictionary(PdfSigLockDictionary.LockPermissions.FORM_FILLING));
      }));
      Peers.keep("signature", id + "-three", signed, sign(INVISIBLE), PdfBoxPeer.sign(null), sign(INVISIBLE, CryptoStandard.CMS));
      archives(id, signed);
      if (i == 3) comments(id, signed);
    }
    archives("itext-" + name + "-no-changes", Peers.keep("first", "itext-" + name + "-no-changes", pdf, sign(CERTIFY_1)));
  }

  static void archives(String id, byte[] signed) {
    Peers.keep("archive", id + "-dss", signed, archive());
    Peers.keep("archive", id + "-timestamp", signed, timestamp());
    Peers.keep("archive", id + "-lta", signed, archive(), timestamp());
    Peers.keep("archive", id + "-twice", signed, archive(), timestamp(), archive(), timestamp());
    Peers.keep("archive", id + "-box-dss", signed, PdfBoxPeer.archive());
    Peers.keep("archive", id + "-box-lta", signed, PdfBoxPeer.archive(), PdfBoxPeer.timestamp());
    Peers.keep("archive", id + "-both", signed, archive(), PdfBoxPeer.archive(), timestamp());
    Peers.keep("archive", id + "-information", signed, change(s -> {
      HashMap<String, String> information = new HashMap<>();
      information.put("Keywords", "archived");
      s.setMoreInfo(information);
    }));
    Peers.keep("archive", id + "-xmp", signed, change(s -> {
      ByteArrayOutputStream xmp = new ByteArrayOutputStream();
      XmpWriter writer = new XmpWriter(xmp, new HashMap<>(java.util.Map.of("Title", "archived")));
      writer.close();
      s.setXmpMetadata(xmp.toByteArray());
    }));
    Peers.keep("archive", id + "-nothing", signed, change(s -> { }));
  }

  /** Comments, where a certification permits them. */
  static void comments(String id, byte[] signed) {
    Rectangle place = new Rectangle(100, 600, 300, 620);
    float[] quad = { 100, 620, 300, 620, 100, 600, 300, 600 };
    Peers.keep("comment", id + "-note", signed, annotate(w -> PdfAnnotation.createText(w, place, "Peer", "Please check", true, "Comment")));
    for (int kind : new int[] { PdfAnnotation.MARKUP_HIGHLIGHT, PdfAnnotation.MARKUP_UNDERLINE, PdfAnnotation.MARKUP_STRIKEOUT, PdfAnnotation.MARKUP_SQUIGGLY })
      Peers.keep("comment", id + "-mark" + kind, signed, annotate(w -> PdfAnnotation.createMarkup(w, place, "Peer", kind, quad)));
    Peers.keep("comment", id + "-square", signed, annotate(w -> PdfAnnotation.createSquareCircle(w, place, "Peer", true)));
    Peers.keep("comment", id + "-line", signed, annotate(w -> PdfAnnotation.createLine(w, place, "Peer", 100, 600, 300, 620)));
    Peers.keep("comment", id + "-ink", signed, annotate(w -> PdfAnnotation.createInk(w, place, "Peer", new float[][] { { 100, 600, 200, 620, 300, 600 } })));
    Peers.keep("comment", id + "-box-highlight", signed, PdfBoxPeer.mark("Highlight"), PdfBoxPeer.mark("Underline"));
    Peers.keep("comment", id + "-signed", signed, annotate(w -> PdfAnnotation.createText(w, place, "Peer", "Seen", false, "Note")), sign(INVISIBLE), archive());
  }

  interface Annotation { PdfAnnotation of(PdfWriter writer) throws Exception; }

  private static Peers.Change annotate(Annotation annotation) {
    return change(s -> s.addAnnotation(annotation.of(s.getWriter()), 1));
  }

  /** Forms made by iText in several shapes, signed, then filled in. */
  static void forms() throws Exception {
    int shape = 0;
    for (byte[] form : new byte[][] { form(false, false), form(true, false), form(false, true) }) {
      Look[] first = { in("sign"), INVISIBLE, CERTIFY_2, CERTIFY_3 };
      for (int i = 0; i < first.length; i++) {
        String id = "itext-form" + shape + "-" + i;
        byte[] signed = Peers.keep("first", id, form, sign(first[i]));
        fillings(id, signed);
        boolean used = i == 0;
        if (!used) Peers.keep("signature", id + "-field", signed, sign(in("sign")));
        if (!used) Peers.keep("signature", id + "-box-field", signed, PdfBoxPeer.sign("sign"));
        Peers.keep("signature", id + "-second", signed, sign(in("sign2")));
        Peers.keep("signature", id + "-box", signed, PdfBoxPeer.sign(null));
        Peers.keep("signature", id + "-box-visible", signed, PdfBoxPeer.signVisibly(300, 20));
        Peers.keep("signature", id + "-filled", signed, fill("name", "Trần Thị B"), sign(in("sign2")), archive(), timestamp());
        archives(id, signed);
        if (i == 3) comments(id, signed);
      }
      shape++;
    }
  }

  static void fillings(String id, byte[] signed) {
    Peers.keep("form", id + "-text", signed, fill("name", "Nguyen Van A"));
    Peers.keep("form", id + "-accents", signed, fill("name", "Đỗ Thị Ánh"));
    Peers.keep("form", id + "-long", signed, fill("note", "Line one\nline two, which is longer than the first\nline three"));
    Peers.keep("form", id + "-check", signed, fill("agree", "Yes"));
    Peers.keep("form", id + "-radio", signed, fill("choice", "b"));
    Peers.keep("form", id + "-combo", signed, fill("unit", "two"));
    Peers.keep("form", id + "-list", signed, fill("list", "three"));
    Peers.keep("form", id + "-all", signed, fill("name", "A", "note", "B", "agree", "Yes", "choice", "a", "unit", "one", "list", "two"));
    Peers.keep("form", id + "-twice", signed, fill("name", "first"), fill("name", "second"));
    Peers.keep("form", id + "-emptied", signed, fill("name", "first"), fill("name", ""));
    Peers.keep("form", id + "-undrawn", signed, change(s -> {
      s.getAcroFields().setGenerateAppearances(false);
      s.getAcroFields().setField("name", "undrawn");
    }));
    Peers.keep("form", id + "-box", signed, PdfBoxPeer.fill("name", "PDFBox", "agree", "Yes", "choice", "b", "unit", "two"));
  }

  static Peers.Change fill(String... pairs) {
    return change(s -> {
      AcroFields fields = s.getAcroFields();
      for (int i = 0; i < pairs.length; i += 2)
        if (!fields.setField(pairs[i], pairs[i + 1])) throw new IllegalStateException("no field " + pairs[i]);
    });
  }

  /** A page of text with one field of every kind and two signature fields. */
  static byte[] form(boolean compressed, boolean tagged) throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Document document = new Document();
    PdfWriter writer = PdfWriter.getInstance(document, out);
    if (compressed) writer.setFullCompression();
    if (tagged) writer.setTagged();
    document.open();
    for (int i = 0; i < 10; i++) document.add(new Paragraph("Line " + i + " of a document that somebody signs before the form is filled in."));
    document.add(new Chunk("Name: "));
    TextField name = new TextField(writer, new Rectangle(100, 500, 300, 520), "name");
    writer.addAnnotation(name.getTextField());
    TextField note = new TextField(writer, new Rectangle(100, 400, 300, 480), "note");
    note.setOptions(TextField.MULTILINE);
    note.setBorderColor(BaseColor.BLACK);
    note.setBackgroundColor(BaseColor.LIGHT_GRAY);
    writer.addAnnotation(note.getTextField());
    writer.addAnnotation(new RadioCheckField(writer, new Rectangle(100, 370, 115, 385), "agree", "Yes").getCheckField());
    RadioCheckField a = new RadioCheckField(writer, new Rectangle(100, 340, 115, 355), "choice", "a");
    PdfFormField choice = a.getRadioGroup(true, false);
    choice.setFieldName("choice");
    choice.addKid(a.getRadioField());
    choice.addKid(new RadioCheckField(writer, new Rectangle(130, 340, 145, 355), null, "b").getRadioField());
    writer.addAnnotation(choice);
    TextField unit = new TextField(writer, new Rectangle(100, 310, 300, 330), "unit");
    unit.setChoices(new String[] { "one", "two", "three" });
    unit.setChoiceExports(new String[] { "one", "two", "three" });
    writer.addAnnotation(unit.getComboField());
    TextField list = new TextField(writer, new Rectangle(100, 250, 300, 300), "list");
    list.setChoices(new String[] { "one", "two", "three" });
    list.setChoiceExports(new String[] { "one", "two", "three" });
    writer.addAnnotation(list.getListField());
    int y = 160;
    for (String field : new String[] { "sign", "sign2" }) {
      PdfFormField signature = PdfFormField.createSignature(writer);
      signature.setWidget(new Rectangle(100, y, 250, y + 60), PdfAnnotation.HIGHLIGHT_INVERT);
      signature.setFieldName(field);
      signature.setFlags(PdfAnnotation.FLAGS_PRINT);
      signature.setPage();
      writer.addAnnotation(signature);
      y -= 80;
    }
    document.close();
    return out.toByteArray();
  }

  /** A timestamp authority inside this program. */
  private static final class Authority implements TSAClient {
    @Override public int getTokenSizeEstimate() { return 6000; }

    @Override public MessageDigest getMessageDigest() throws java.security.GeneralSecurityException { return MessageDigest.getInstance("SHA-256"); }

    @Override public byte[] getTimeStampToken(byte[] imprint) throws Exception { return token(imprint); }
  }

  static byte[] token(byte[] imprint) throws Exception {
    TimeStampRequestGenerator asks = new TimeStampRequestGenerator();
    asks.setCertReq(true);
    TimeStampRequest request = asks.generate(TSPAlgorithms.SHA256, imprint);
    TimeStampTokenGenerator tokens = new TimeStampTokenGenerator(new JcaSimpleSignerInfoGeneratorBuilder().build("SHA256withRSA", Peers.stampKey, Peers.stampCertificate),
        new JcaDigestCalculatorProviderBuilder().build().get(new org.bouncycastle.asn1.x509.AlgorithmIdentifier(TSPAlgorithms.SHA256)), new ASN1ObjectIdentifier("1.2.3"));
    tokens.addCertificates(new JcaCertStore(List.of(Peers.stampCertificate)));
    TimeStampResponse response = new TimeStampResponseGenerator(tokens, TSPAlgorithms.ALLOWED).generate(request, BigInteger.valueOf(System.nanoTime()), new Date());
    return response.getTimeStampToken().getEncoded();
  }
}
