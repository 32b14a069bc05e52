using VanBanDienTu.UnitTests.Pdf;

namespace VanBanDienTu.FuzzTests.Attacks;

/// <summary>
/// A page with an amount to pay, prepared by somebody who means to change it after it is signed: a picture that lies over other words, an optional layer, an
/// unused page, an empty field over the whole page, a button.
/// </summary>
internal static class AttackForm
{
    public const int Page = 3;
    public const int Content = 4;
    public const int Font = 5;
    public const int Form = 6;
    public const int Amount = 7;
    public const int AmountLook = 8;
    public const int Overlay = 9;
    public const int Cover = 10;
    public const int OtherPage = 11;
    public const int OtherContent = 12;
    public const int Agree = 13;
    public const int Layers = 17;
    public const int Layer = 18;
    public const int Button = 19;
    public const int Group = 21;
    public const int Structure = 23;
    public const int Paragraph = 24;
    public const int Outlines = 25;
    public const int Note = 27;

    private const string Widget = "/Type/Annot/Subtype/Widget/F 4/P 3 0 R";

    /// <param name="stream">With a cross-reference stream and objects in an object stream.</param>
    public static byte[] Build(bool stream)
    {
        var pdf = new HandMadePdf()
            .Stream(Content, "", "BT /F1 18 Tf 50 700 Td (Pay to the account 0123456789) Tj 0 -30 Td (Total: 1.000.000 dong) Tj ET /Cover Do /OC /L1 BDC BT /F1 18 Tf 50 500 Td (Draft) Tj ET EMC")
            .Stream(AmountLook, "/Type/XObject/Subtype/Form/BBox[0 0 200 20]/Resources<</Font<</F1 5 0 R>>>>", "/Tx BMC BT /F1 12 Tf 2 5 Td (100) Tj ET EMC")
            .Stream(Cover, "/Type/XObject/Subtype/Form/BBox[0 0 600 800]", "1 g 40 560 400 30 re f")
            .Stream(OtherContent, "", "BT /F1 18 Tf 50 700 Td (Pay to the account 9999999999) Tj ET")
            .Stream(14, "/Type/XObject/Subtype/Form/BBox[0 0 15 15]", "0 0 m 15 15 l S")
            .Stream(15, "/Type/XObject/Subtype/Form/BBox[0 0 15 15]", "1 1 13 13 re S")
            .Stream(20, "/Type/XObject/Subtype/Form/BBox[0 0 80 20]", "0.8 g 0 0 80 20 re f");
        (int, string)[] objects =
        [
            (1, "<</Type/Catalog/Pages 2 0 R/AcroForm 6 0 R/OCProperties 17 0 R/StructTreeRoot 23 0 R/MarkInfo<</Marked true>>/Outlines 25 0 R>>"),
            (2, "<</Type/Pages/Kids[3 0 R]/Count 1/MediaBox[0 0 600 800]/Resources<</Font<</F1 5 0 R>>/XObject<</Cover 10 0 R>>/Properties<</L1 18 0 R>>>>>>"),
            (Page, "<</Type/Page/Parent 2 0 R/Contents 4 0 R/StructParents 0/Annots[7 0 R 9 0 R 13 0 R 19 0 R 22 0 R 27 0 R]>>"),
            (Font, "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"),
            (Form, "<</Fields[7 0 R 9 0 R 13 0 R 19 0 R 21 0 R]/DA(/F1 12 Tf 0 g)/DR<</Font<</F1 5 0 R>>>>>>"),
            (Amount, $"<<{Widget}/FT/Tx/T(amount)/V(100)/Rect[50 600 250 620]/AP<</N 8 0 R>>>>"),
            (Overlay, $"<<{Widget}/FT/Tx/T(overlay)/Rect[0 300 600 800]>>"),
            (OtherPage, "<</Type/Page/Parent 2 0 R/Contents 12 0 R>>"),
            (Agree, $"<<{Widget}/FT/Btn/T(agree)/V/Off/AS/Off/Rect[50 540 65 555]/AP<</N<</Yes 14 0 R/Off 15 0 R>>>>>>"),
            (Layers, "<</OCGs[18 0 R]/D<</OFF[18 0 R]/Order[18 0 R]>>>>"),
            (Layer, "<</Type/OCG/Name(Draft)>>"),
            (Button, $"<<{Widget}/FT/Btn/Ff 65536/T(button)/Rect[50 440 130 460]/AP<</N 20 0 R>>>>"),
            (Group, "<</T(address)/FT/Tx/Kids[22 0 R]>>"),
            (22, $"<<{Widget}/T(town)/Parent 21 0 R/Rect[50 400 250 420]>>"),
            (Structure, "<</Type/StructTreeRoot/K 24 0 R/ParentTree 26 0 R/ParentTreeNextKey 1>>"),
            (Paragraph, "<</Type/StructElem/S/P/P 23 0 R/Pg 3 0 R/K 0/ActualText(Total: 1.000.000 dong)>>"),
            (Outlines, "<</Type/Outlines/Count 0>>"),
            (26, "<</Nums[0[24 0 R]]>>"),
            (Note, "<</Type/Annot/Subtype/Text/Rect[500 700 520 720]/Contents(Checked)/P 3 0 R/F 4>>"),
        ];
        if (stream)
            return pdf.Packed(30, objects).EndStream(31).ToArray();
        foreach (var (number, body) in objects)
            pdf.Object(number, body);
        return pdf.EndTable().ToArray();
    }
}
