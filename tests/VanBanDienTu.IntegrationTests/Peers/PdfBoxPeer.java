import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Calendar;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.pdfbox.cos.COSArray;
import org.apache.pdfbox.cos.COSBase;
import org.apache.pdfbox.cos.COSDictionary;
import org.apache.pdfbox.cos.COSName;
import org.apache.pdfbox.cos.COSStream;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.PDPageContentStream;
import org.apache.pdfbox.pdmodel.PDResources;
import org.apache.pdfbox.pdmodel.common.PDRectangle;
import org.apache.pdfbox.pdmodel.font.PDType1Font;
import org.apache.pdfbox.pdmodel.graphics.color.PDColor;
import org.apache.pdfbox.pdmodel.graphics.color.PDDeviceRGB;
import org.apache.pdfbox.pdmodel.interactive.annotation.PDAnnotation;
import org.apache.pdfbox.pdmodel.interactive.annotation.PDAnnotationTextMarkup;
import org.apache.pdfbox.pdmodel.interactive.annotation.PDAnnotationWidget;
import org.apache.pdfbox.pdmodel.interactive.annotation.PDAppearanceDictionary;
import org.apache.pdfbox.pdmodel.interactive.annotation.PDAppearanceEntry;
import org.apache.pdfbox.pdmodel.interactive.annotation.PDAppearanceStream;
import org.apache.pdfbox.pdmodel.interactive.digitalsignature.PDSignature;
import org.apache.pdfbox.pdmodel.interactive.digitalsignature.SignatureInterface;
import org.apache.pdfbox.pdmodel.interactive.digitalsignature.SignatureOptions;
import org.apache.pdfbox.pdmodel.interactive.digitalsignature.visible.PDVisibleSigProperties;
import org.apache.pdfbox.pdmodel.interactive.digitalsignature.visible.PDVisibleSignDesigner;
import org.apache.pdfbox.pdmodel.interactive.form.PDAcroForm;
import org.apache.pdfbox.pdmodel.interactive.form.PDCheckBox;
import org.apache.pdfbox.pdmodel.interactive.form.PDComboBox;
import org.apache.pdfbox.pdmodel.interactive.form.PDField;
import org.apache.pdfbox.pdmodel.interactive.form.PDSignatureField;
import org.apache.pdfbox.pdmodel.interactive.form.PDTextField;
import org.bouncycastle.cert.jcajce.JcaCertStore;
import org.bouncycastle.cms.CMSProcessableByteArray;
import org.bouncycastle.cms.CMSSignedDataGenerator;
import org.bouncycastle.cms.jcajce.JcaSignerInfoGeneratorBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.operator.jcajce.JcaDigestCalculatorProviderBuilder;

/** What PDFBox 2 does to a signed document. */
final class PdfBoxPeer {
  private static final SignatureInterface CMS = content -> {
    try {
      CMSSignedDataGenerator generator = new CMSSignedDataGenerator();
      generator.addSignerInfoGenerator(new JcaSignerInfoGeneratorBuilder(new JcaDigestCalculatorProviderBuilder().build())
          .build(new JcaContentSignerBuilder("SHA256withRSA").build(Peers.key), (X509Certificate) Peers.chain[0]));
      generator.addCertificates(new JcaCertStore(Arrays.asList(Peers.chain)));
      return generator.generate(new CMSProcessableByteArray(content.readAllBytes()), false).getEncoded();
    } catch (Exception e) {
      throw new IOException(e);
    }
  };

  private static PDSignature value() {
    PDSignature signature = new PDSignature();
    signature.setFilter(PDSignature.FILTER_ADOBE_PPKLITE);
    signature.setSubFilter(PDSignature.SUBFILTER_ADBE_PKCS7_DETACHED);
    signature.setName("Peer");
    signature.setReason("peer");
    signature.setSignDate(Calendar.getInstance());
    return signature;
  }

  /** In a field of that name, or in a new invisible one. */
  static Peers.Change sign(String field) {
    return pdf -> {
      try (PDDocument document = PDDocument.load(pdf)) {
        PDSignature signature = value();
        if (field != null) ((PDSignatureField) document.getDocumentCatalog().getAcroForm().getField(field)).getCOSObject().setItem(COSName.V, signature);
        document.addSignature(signature, CMS);
        return saved(document);
      }
    };
  }

  /** As PDFBox's examples do: a template document with the field and its appearance. */
  static Peers.Change signVisibly(float x, float y) {
    return pdf -> {
      try (PDDocument document = PDDocument.load(pdf); SignatureOptions options = new SignatureOptions()) {
        options.setVisualSignature(template(new PDRectangle(x, y, 160, 50)));
        options.setPage(0);
        document.addSignature(value(), CMS, options);
        return saved(document);
      }
    };
  }

  /** As PDFBox's designer draws one: a picture in nested forms, at the foot of the page. */
  static Peers.Change signByDesigner() {
    return pdf -> {
      try (PDDocument document = PDDocument.load(pdf); SignatureOptions options = new SignatureOptions()) {
        BufferedImage picture = new BufferedImage(60, 24, BufferedImage.TYPE_INT_RGB);
        PDVisibleSignDesigner designer = new PDVisibleSignDesigner(document, picture, 1);
        designer.xAxis(40).yAxis(812).signatureFieldName("designed");
        PDVisibleSigProperties properties = new PDVisibleSigProperties();
        properties.signerName("Peer").signatureReason("peer").preferredSize(0).page(1).visualSignEnabled(true).setPdVisibleSignature(designer);
        properties.buildSignature();
        options.setVisualSignature(properties.getVisibleSignature());
        options.setPage(0);
        document.addSignature(value(), CMS, options);
        return saved(document);
      }
    };
  }

  private static byte[] saved(PDDocument document) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    document.saveIncremental(out);
    return out.toByteArray();
  }

  private static InputStream template(PDRectangle place) throws IOException {
    try (PDDocument document = new PDDocument()) {
      PDPage page = new PDPage(PDRectangle.A4);
      document.addPage(page);
      PDAcroForm form = new PDAcroForm(document);
      document.getDocumentCatalog().setAcroForm(form);
      PDSignatureField field = new PDSignatureField(form);
      form.getFields().add(field);
      form.setSignaturesExist(true);
      form.setAppendOnly(true);
      form.getCOSObject().setDirect(true);
      PDAnnotationWidget widget = field.getWidgets().get(0);
      widget.setRectangle(place);
      PDAppearanceStream look = new PDAppearanceStream(document);
      look.setResources(new PDResources());
      look.setBBox(new PDRectangle(place.getWidth(), place.getHeight()));
      PDAppearanceDictionary looks = new PDAppearanceDictionary();
      looks.getCOSObject().setDirect(true);
      looks.setNormalAppearance(look);
      widget.setAppearance(looks);
      try (PDPageContentStream content = new PDPageContentStream(document, look)) {
        content.beginText();
        content.setFont(PDType1Font.HELVETICA, 9);
        content.newLineAtOffset(4, 30);
        content.showText("Signed by a peer");
        content.endText();
      }
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      document.save(out);
      return new java.io.ByteArrayInputStream(out.toByteArray());
    }
  }

  /** A DSS as PDFBox's AddValidationInformation writes one. */
  static Peers.Change archive() {
    return pdf -> {
      try (PDDocument document = PDDocument.load(pdf)) {
        COSDictionary catalog = document.getDocumentCatalog().getCOSObject();
        COSDictionary store = child(catalog, COSName.getPDFName("DSS"));
        COSArray certs = list(store, "Certs");
        COSArray crls = list(store, "CRLs");
        COSDictionary entries = child(store, COSName.getPDFName("VRI"));
        for (PDSignature signature : document.getSignatureDictionaries()) {
          COSDictionary entry = new COSDictionary();
          byte[] hash = MessageDigest.getInstance("SHA-1").digest(signature.getContents(pdf));
          entries.setItem(COSName.getPDFName(org.bouncycastle.util.encoders.Hex.toHexString(hash).toUpperCase()), entry);
          COSArray cert = new COSArray();
          for (byte[] bytes : Peers.certificates()) cert.add(stream(document, bytes));
          for (COSBase one : cert) certs.add(one);
          COSArray crl = new COSArray();
          crl.add(stream(document, Peers.crl));
          crls.add(crl.get(0));
          entry.setItem("Cert", cert);
          entry.setItem("CRL", crl);
          entry.setDate("TU", Calendar.getInstance());
          entry.setNeedToBeUpdated(true);
        }
        certs.setNeedToBeUpdated(true);
        crls.setNeedToBeUpdated(true);
        catalog.setNeedToBeUpdated(true);
        COSDictionary extensions = child(catalog, COSName.getPDFName("Extensions"));
        COSDictionary adobe = child(extensions, COSName.getPDFName("ADBE"));
        adobe.setName("BaseVersion", "1.7");
        adobe.setInt("ExtensionLevel", 5);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        document.saveIncremental(out);
        return out.toByteArray();
      }
    };
  }

  private static COSStream stream(PDDocument document, byte[] bytes) throws IOException {
    COSStream stream = document.getDocument().createCOSStream();
    try (OutputStream out = stream.createOutputStream(COSName.FLATE_DECODE)) {
      out.write(bytes);
    }
    stream.setNeedToBeUpdated(true);
    return stream;
  }

  private static COSDictionary child(COSDictionary parent, COSName name) {
    COSBase found = parent.getDictionaryObject(name);
    COSDictionary child = found instanceof COSDictionary ? (COSDictionary) found : new COSDictionary();
    if (found == null) parent.setItem(name, child);
    child.setNeedToBeUpdated(true);
    return child;
  }

  private static COSArray list(COSDictionary parent, String name) {
    COSBase found = parent.getDictionaryObject(COSName.getPDFName(name));
    COSArray list = found instanceof COSArray ? (COSArray) found : new COSArray();
    if (found == null) parent.setItem(COSName.getPDFName(name), list);
    return list;
  }

  static Peers.Change timestamp() {
    return pdf -> {
      try (PDDocument document = PDDocument.load(pdf)) {
        PDSignature stamp = new PDSignature();
        stamp.setType(COSName.DOC_TIME_STAMP);
        stamp.setFilter(PDSignature.FILTER_ADOBE_PPKLITE);
        stamp.setSubFilter(COSName.getPDFName("ETSI.RFC3161"));
        document.addSignature(stamp, content -> {
          try {
            return ITextPeer.token(MessageDigest.getInstance("SHA-256").digest(content.readAllBytes()));
          } catch (Exception e) {
            throw new IOException(e);
          }
        });
        return saved(document);
      }
    };
  }

  /** Sets values; PDFBox draws the appearances. */
  static Peers.Change fill(String... pairs) {
    return pdf -> {
      try (PDDocument document = PDDocument.load(pdf)) {
        PDAcroForm form = document.getDocumentCatalog().getAcroForm();
        Set<COSDictionary> changed = new HashSet<>();
        for (int i = 0; i < pairs.length; i += 2) {
          PDField field = form.getField(pairs[i]);
          field.setValue(pairs[i + 1]);
          changed.add(field.getCOSObject());
          for (PDAnnotationWidget widget : field.getWidgets()) {
            changed.add(widget.getCOSObject());
            PDAppearanceEntry look = widget.getAppearance() == null ? null : widget.getAppearance().getNormalAppearance();
            if (look != null && look.isStream()) changed.add(look.getAppearanceStream().getCOSObject());
          }
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        document.saveIncremental(out, changed);
        return out.toByteArray();
      }
    };
  }

  /** A mark on the text, drawn by PDFBox. */
  static Peers.Change mark(String kind) {
    return pdf -> {
      try (PDDocument document = PDDocument.load(pdf)) {
        PDPage page = document.getPage(0);
        PDAnnotationTextMarkup mark = new PDAnnotationTextMarkup(kind);
        mark.setRectangle(new PDRectangle(100, 500, 200, 20));
        mark.setQuadPoints(new float[] { 100, 520, 300, 520, 100, 500, 300, 500 });
        mark.setColor(new PDColor(new float[] { 1, 1, 0 }, PDDeviceRGB.INSTANCE));
        mark.constructAppearances(document);
        List<PDAnnotation> marks = page.getAnnotations();
        marks.add(mark);
        page.setAnnotations(marks);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        document.saveIncremental(out, new HashSet<>(List.of(page.getCOSObject(), mark.getCOSObject())));
        return out.toByteArray();
      }
    };
  }

  static void document(String name, byte[] pdf) {
    List<Peers.Change> first = List.of(sign(null), signVisibly(380, 40));
    for (int i = 0; i < first.size(); i++) {
      String id = "box-" + name + "-" + i;
      byte[] signed = Peers.keep("first", id, pdf, first.get(i));
      Peers.keep("signature", id + "-box", signed, sign(null));
      Peers.keep("signature", id + "-box-visible", signed, signVisibly(40, 40));
      Peers.keep("signature", id + "-box-designed", signed, signByDesigner());
      Peers.keep("signature", id + "-three", signed, sign(null), signVisibly(40, 40), sign(null));
      Peers.keep("signature", id + "-itext", signed, ITextPeer.sign(a -> { }));
      Peers.keep("signature", id + "-itext-visible", signed, ITextPeer.sign(ITextPeer.visible(40, 40, com.itextpdf.text.pdf.PdfSignatureAppearance.RenderingMode.DESCRIPTION)));
      ITextPeer.archives(id, signed);
    }
  }

  /** A form made by PDFBox, signed by both, then filled in. */
  static void forms() throws Exception {
    byte[] form = form();
    Peers.Change[] first = { sign("sign"), sign(null), ITextPeer.sign(a -> { }) };
    for (int i = 0; i < first.length; i++) {
      String id = "box-form-" + i;
      byte[] signed = Peers.keep("first", id, form, first[i]);
      Peers.keep("form", id + "-text", signed, fill("name", "Nguyen Van A"));
      Peers.keep("form", id + "-kids", signed, fill("address.street", "1 Trang Tien", "address.town", "Ha Noi"));
      Peers.keep("form", id + "-check", signed, fill("agree", "Yes"));
      Peers.keep("form", id + "-combo", signed, fill("unit", "two"));
      Peers.keep("form", id + "-twice", signed, fill("name", "first"), fill("name", "second"));
      Peers.keep("form", id + "-itext", signed, ITextPeer.fill("name", "iText", "address.town", "Hue", "unit", "one"));
      Peers.keep("form", id + "-filled-signed", signed, fill("name", "first"), sign(null), fill("unit", "one"));
      if (i > 0) Peers.keep("signature", id + "-field", signed, sign("sign"));
      Peers.keep("signature", id + "-itext", signed, ITextPeer.sign(a -> { }));
      ITextPeer.archives(id, signed);
    }
  }

  private static byte[] form() throws IOException {
    try (PDDocument document = new PDDocument()) {
      PDPage page = new PDPage(PDRectangle.A4);
      document.addPage(page);
      try (PDPageContentStream content = new PDPageContentStream(document, page)) {
        content.beginText();
        content.setFont(PDType1Font.HELVETICA, 12);
        content.newLineAtOffset(60, 780);
        content.showText("A document that somebody signs before the form is filled in");
        content.endText();
      }
      PDAcroForm form = new PDAcroForm(document);
      document.getDocumentCatalog().setAcroForm(form);
      PDResources resources = new PDResources();
      resources.put(COSName.getPDFName("Helv"), PDType1Font.HELVETICA);
      form.setDefaultResources(resources);
      form.setDefaultAppearance("/Helv 10 Tf 0 g");
      text(form, page, "name", 700);
      text(form, page, "address.street", 670);
      text(form, page, "address.town", 640);
      PDCheckBox agree = new PDCheckBox(form);
      agree.setPartialName("agree");
      form.getFields().add(agree);
      place(agree.getWidgets().get(0), page, 610, 15);
      checkLooks(document, agree.getWidgets().get(0));
      PDComboBox unit = new PDComboBox(form);
      unit.setPartialName("unit");
      unit.setOptions(List.of("one", "two"));
      form.getFields().add(unit);
      place(unit.getWidgets().get(0), page, 580, 120);
      PDSignatureField sign = new PDSignatureField(form);
      sign.setPartialName("sign");
      form.getFields().add(sign);
      place(sign.getWidgets().get(0), page, 100, 150);
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      document.save(out);
      return out.toByteArray();
    }
  }

  private static void text(PDAcroForm form, PDPage page, String name, int y) throws IOException {
    PDTextField field = new PDTextField(form);
    int dot = name.indexOf('.');
    field.setPartialName(name.substring(dot + 1));
    if (dot < 0) {
      form.getFields().add(field);
    } else {
      PDField above = form.getField(name.substring(0, dot));
      COSDictionary group = above == null ? new COSDictionary() : above.getCOSObject();
      if (above == null) {
        group.setString(COSName.T, name.substring(0, dot));
        group.setItem(COSName.KIDS, new COSArray());
        ((COSArray) form.getCOSObject().getDictionaryObject(COSName.FIELDS)).add(group);
      }
      ((COSArray) group.getDictionaryObject(COSName.KIDS)).add(field);
      field.getCOSObject().setItem(COSName.PARENT, group);
    }
    place(field.getWidgets().get(0), page, y, 200);
  }

  private static void place(PDAnnotationWidget widget, PDPage page, int y, int width) throws IOException {
    widget.setRectangle(new PDRectangle(60, y, width, 15));
    widget.setPage(page);
    widget.setPrinted(true);
    page.getAnnotations().add(widget);
  }

  private static void checkLooks(PDDocument document, PDAnnotationWidget widget) throws IOException {
    COSDictionary states = new COSDictionary();
    for (String state : new String[] { "Yes", "Off" }) {
      PDAppearanceStream look = new PDAppearanceStream(document);
      look.setBBox(new PDRectangle(15, 15));
      look.setResources(new PDResources());
      try (PDPageContentStream content = new PDPageContentStream(document, look)) {
        content.addRect(1, 1, 13, 13);
        content.stroke();
        if (state.equals("Yes")) {
          content.moveTo(3, 3);
          content.lineTo(12, 12);
          content.stroke();
        }
      }
      states.setItem(COSName.getPDFName(state), look.getCOSObject());
    }
    PDAppearanceDictionary looks = new PDAppearanceDictionary();
    looks.getCOSObject().setItem(COSName.N, states);
    widget.setAppearance(looks);
    widget.setAppearanceState("Off");
  }
}
